import { TextDecoder } from "node:util";

/** Text of a DICOM data set: bytes to Unicode by Specific Character Set (0008,0005), PS3.3 C.12.1.1.2 and PS3.5 6.1. */

/** Encoding Standard names by defined term, without and with code extensions ("ISO_IR 126" = "ISO 2022 IR 126"). */
const ENCODING_BY_TERM: Record<string, string> = {
  "6": "windows-1252",
  "13": "shift_jis",
  "58": "gbk",
  "87": "euc-jp",
  "100": "iso-8859-1",
  "101": "iso-8859-2",
  "109": "iso-8859-3",
  "110": "iso-8859-4",
  "126": "iso-8859-7",
  "127": "iso-8859-6",
  "138": "iso-8859-8",
  "144": "iso-8859-5",
  "148": "iso-8859-9",
  "149": "euc-kr",
  "159": "euc-jp",
  "166": "windows-874",
  "192": "utf-8",
  "203": "iso-8859-15",
  GB18030: "gb18030",
  GBK: "gbk",
};

/** What an escape sequence puts into the upper half of the code table (G1), PS3.3 Table C.12-3 and C.12-4. */
const UPPER_HALF_BY_ESCAPE: Record<string, string> = {
  "-A": "iso-8859-1",
  "-B": "iso-8859-2",
  "-C": "iso-8859-3",
  "-D": "iso-8859-4",
  "-F": "iso-8859-7",
  "-G": "iso-8859-6",
  "-H": "iso-8859-8",
  "-L": "iso-8859-5",
  "-M": "iso-8859-9",
  "-T": "windows-874",
  "-b": "iso-8859-15",
  ")I": "shift_jis",
  "$)A": "gbk",
  "$)C": "euc-kr",
};

/** Two-byte sets in the lower half (G0): JIS X 0208 and, with a prefix byte in EUC-JP, JIS X 0212. */
const TWO_BYTE_BY_ESCAPE: Record<string, number[]> = { $B: [], "$@": [], "$(D": [0x8f] };

const ESC = 0x1b;
const ESCAPE_SEQUENCE = /^(?:\$?[()-][0-9A-Za-z]|\$[@B])/;

/** Code elements fall back to the first character set at a delimiter (PS3.5 6.1.2.5.3): \ ^ = and control characters. */
const isDelimiter = (byte: number) => byte === 0x5c || byte === 0x5e || byte === 0x3d || (byte < 0x20 && byte !== ESC);

const decoders = new Map<string, TextDecoder>();

function decode(encoding: string, bytes: Uint8Array): string {
  let decoder = decoders.get(encoding);
  if (decoder === undefined) {
    decoder = new TextDecoder(encoding);
    decoders.set(encoding, decoder);
  }
  return decoder.decode(bytes);
}

export type TextReader = (bytes: Uint8Array) => string;

/**
 * A reader for the values of Specific Character Set. An unknown term, and text beyond ASCII in a data set that
 * declares no character set, is read as UTF-8 where it is valid and as Latin 1 where not: a readable guess.
 */
export function textReader(specificCharacterSet: string[]): TextReader {
  const terms = specificCharacterSet.map((term) => term.trim().replace(/^ISO([_ ]IR| 2022 IR) ?/, ""));
  const initial = ENCODING_BY_TERM[terms[0] || "6"] ?? "windows-1252";
  const guessing =
    specificCharacterSet.every((term) => term.trim() === "") || ENCODING_BY_TERM[terms[0]!] === undefined;
  return (bytes) => {
    if (bytes.includes(ESC)) return decodeWithExtensions(bytes, initial);
    if (!guessing) return decode(initial, bytes);
    const text = decode("utf-8", bytes);
    return text.includes("\ufffd") ? decode(initial, bytes) : text;
  };
}

function decodeWithExtensions(bytes: Uint8Array, initial: string): string {
  let text = "";
  let upperHalf = initial;
  let twoBytePrefix: number[] | undefined;
  let start = 0;
  const flush = (end: number) => {
    const run = bytes.subarray(start, end);
    text += twoBytePrefix === undefined ? decode(upperHalf, run) : decodeTwoByte(run, twoBytePrefix);
    start = end;
  };
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at]!;
    if (byte === ESC) {
      flush(at);
      const ahead = String.fromCharCode(...bytes.subarray(at + 1, at + 5));
      const sequence = ESCAPE_SEQUENCE.exec(ahead)?.[0] ?? "";
      twoBytePrefix = sequence.startsWith("$") && sequence[1] !== ")" ? TWO_BYTE_BY_ESCAPE[sequence] : undefined;
      upperHalf = UPPER_HALF_BY_ESCAPE[sequence] ?? upperHalf;
      at += 1 + sequence.length;
      start = at;
    } else {
      at++;
      if (twoBytePrefix !== undefined || !isDelimiter(byte)) continue;
      flush(at);
      upperHalf = initial;
    }
  }
  flush(bytes.length);
  return text;
}

/** EUC-JP holds the same code points with the top bit set. */
function decodeTwoByte(run: Uint8Array, prefix: number[]): string {
  const euc: number[] = [];
  for (let at = 0; at + 1 < run.length; at += 2) euc.push(...prefix, run[at]! | 0x80, run[at + 1]! | 0x80);
  return decode("euc-jp", Uint8Array.from(euc));
}
