import { type ErrorCode, VigilError } from "../errors.ts";

export interface HttpRequest {
  method: string;
  url: string;
  headers?: Headers | Record<string, string>;
  body?: Uint8Array<ArrayBuffer> | ArrayBuffer;
  /** How long the server may stay silent, before its answer and in the middle of it. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

/**
 * Sends a request and reads the whole answer, whatever its status.
 * @throws VigilError pacs-unreachable, pacs-timeout, interrupted
 */
export async function sendRequest(request: HttpRequest): Promise<HttpAnswer> {
  const headers = new Headers(request.headers);
  // Node's fetch asks for gzip, and Orthanc then spends ten times the transfer on compressing pixels.
  headers.set("accept-encoding", "identity");
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), request.timeoutMs);
  const signals = request.signal === undefined ? [silence.signal] : [silence.signal, request.signal];
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers,
      body: request.body ?? null,
      signal: AbortSignal.any(signals),
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body ?? []) {
      timer.refresh();
      chunks.push(chunk);
    }
    return { status: response.status, headers: response.headers, body: concatenate(chunks) };
  } catch (cause) {
    throw connectionError(request, silence.signal.aborted, cause);
  } finally {
    clearTimeout(timer);
  }
}

function concatenate(chunks: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

function connectionError(request: HttpRequest, silent: boolean, cause: unknown): VigilError {
  const where = `${request.method} ${withoutQuery(request.url)}`;
  if (request.signal?.aborted) return new VigilError("interrupted", `${where} was given up`, { cause });
  if (silent) {
    return new VigilError("pacs-timeout", `${where} stayed silent for ${request.timeoutMs / 1000} s`, { cause });
  }
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const said = reason instanceof Error ? ((reason as NodeJS.ErrnoException).code ?? reason.message) : String(reason);
  return new VigilError("pacs-unreachable", `${where} failed: ${said}. Is the PACS running?`, { cause });
}

/** The catalogue's error of an answer that is no success; undefined when it is one. */
export function statusError(request: HttpRequest, { status }: HttpAnswer): VigilError | undefined {
  if (status >= 200 && status < 300) return undefined;
  return new VigilError(codeOfStatus(status), `${request.method} ${withoutQuery(request.url)} was answered ${status}`);
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401 || status === 403) return "pacs-unauthorized";
  if (status === 404 || status === 410) return "study-not-in-pacs";
  if (status === 408 || status === 504) return "pacs-timeout";
  // 409 is Orthanc's word for a resource that another request holds; other 5xx are worth a second try too.
  if (status === 409 || status === 429 || status >= 500) return "pacs-busy";
  return "pacs-refused";
}

/** The query may hold what identifies a patient, and messages end in logs. */
export function withoutQuery(url: string): string {
  return url.replace(/\?.*$/, "");
}
