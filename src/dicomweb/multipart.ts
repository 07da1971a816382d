import { VigilError } from "../errors.ts";

const [LF, CR, SPACE, TAB, DASH] = [10, 13, 32, 9, 45];

/** Nobody asks for more at once; an answer of nothing but delimiters would fill the memory. */
const MAX_PARTS = 1000;

/** A line `--boundary`, or `--boundary--` at the end. */
interface Delimiter {
  start: number;
  /** Behind its line end. */
  end: number;
  isLast: boolean;
  endsInCrLf: boolean;
}

/**
 * The bodies of the parts of an answer (RFC 2046 5.1), to the byte; the whole body where it is no multipart. Line ends
 * are CR LF or, as some servers have them, LF: the line of the first delimiter tells, because a CR before a bare LF
 * would belong to the part.
 * @returns views into `body`
 * @throws VigilError pacs-answer-invalid when a boundary is missing, above all the last one: the answer is cut off
 */
export function bodyParts(contentType: string, body: Uint8Array): Uint8Array[] {
  if (!/^\s*multipart\//i.test(contentType)) return [body];
  const boundary = parameter(contentType, "boundary");
  if (!boundary) throw unreadable("its content type names no boundary");
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const marker = Buffer.from(`--${boundary}`, "latin1");
  const parts: Uint8Array[] = [];
  const first = nextDelimiter(bytes, marker, 0);
  for (let delimiter = first; !delimiter.isLast; ) {
    const next = nextDelimiter(bytes, marker, delimiter.end, first.endsInCrLf);
    const start = endOfHeaders(bytes, delimiter.end, next.start);
    const end = next.start - (first.endsInCrLf ? 2 : 1);
    parts.push(body.subarray(start, Math.max(start, end)));
    if (parts.length > MAX_PARTS) throw unreadable(`it has more than ${MAX_PARTS} parts`);
    delimiter = next;
  }
  return parts;
}

/** A parameter of a media type (RFC 9110 5.6.6), quoted or not. */
function parameter(contentType: string, name: string): string | undefined {
  for (const [, key, quoted, plain] of contentType.matchAll(/;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g)) {
    if (key?.toLowerCase() === name) return quoted?.replaceAll(/\\(.)/g, "$1") ?? plain?.trim();
  }
  return undefined;
}

/** @param behindCrLf what the line before must end with; not asked of the first, which may stand behind anything */
function nextDelimiter(bytes: Buffer, marker: Buffer, from: number, behindCrLf?: boolean): Delimiter {
  for (let start = bytes.indexOf(marker, from); start >= 0; start = bytes.indexOf(marker, start + 1)) {
    const atLineStart = start === 0 || (bytes[start - 1] === LF && (!behindCrLf || bytes[start - 2] === CR));
    if (!atLineStart) continue;
    let end = start + marker.length;
    const isLast = bytes[end] === DASH && bytes[end + 1] === DASH;
    if (isLast) end += 2;
    while (bytes[end] === SPACE || bytes[end] === TAB) end += 1;
    const endsInCrLf = bytes[end] === CR && bytes[end + 1] === LF;
    // Anything else is a longer boundary, or data that only begins like one.
    if (endsInCrLf || bytes[end] === LF || (isLast && end === bytes.length)) {
      return { start, end: end + (endsInCrLf ? 2 : 1), isLast, endsInCrLf };
    }
  }
  throw unreadable("a boundary is missing");
}

/** Behind the empty line that ends the headers of a part. */
function endOfHeaders(bytes: Buffer, from: number, until: number): number {
  for (let line = from; line < until; ) {
    const lineEnd = bytes.indexOf(LF, line);
    if (lineEnd < 0 || lineEnd >= until) break;
    if (lineEnd === line || (lineEnd === line + 1 && bytes[line] === CR)) return lineEnd + 1;
    line = lineEnd + 1;
  }
  throw unreadable("the headers of a part do not end");
}

function unreadable(why: string): VigilError {
  return new VigilError("pacs-answer-invalid", `the multipart answer of the PACS cannot be read: ${why}`);
}
