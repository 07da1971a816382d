import { type ErrorCode, VigilError } from "../errors.ts";
import { withoutCredentials } from "../pacs-credentials.ts";

export interface HttpRequest {
  method: string;
  /** Without credentials, which fetch refuses. */
  url: string;
  headers?: Headers | Record<string, string>;
  body?: Uint8Array<ArrayBuffer> | ArrayBuffer;
  /** How long the server may stay silent, before its answer and in the middle of it. */
  timeoutMs: number;
  /** The largest answer that is read. */
  maxBytes: number;
  signal?: AbortSignal | undefined;
  gate?: RequestGate | undefined;
}

/** Lets requests through as the server can take them. */
export interface RequestGate {
  /** Sends when it is time to. @throws VigilError what `send` throws; interrupted while it waits */
  pass(send: () => Promise<HttpAnswer>, signal: AbortSignal | undefined): Promise<HttpAnswer>;
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

export const BYTES_PER_MIB = 1024 * 1024;

/** A server that trickles is never silent: an answer as a whole has this long, and more for each byte of it. */
const LEAST_TOTAL_MS = 60_000;
const SLOWEST_BYTES_PER_MS = (64 * 1024) / 1000;

/**
 * Sends a request and reads the whole answer, whatever its status. A redirect is an answer too: what we send, our
 * credentials among it, is meant for this server.
 * @throws VigilError pacs-unreachable, pacs-timeout, pacs-answer-too-large, interrupted
 */
export async function sendRequest(request: HttpRequest): Promise<HttpAnswer> {
  const { gate, signal } = request;
  return gate === undefined ? sendNow(request) : gate.pass(() => sendNow(request), signal);
}

async function sendNow(request: HttpRequest): Promise<HttpAnswer> {
  const headers = new Headers(request.headers);
  // Node's fetch asks for gzip, and Orthanc then spends ten times the transfer on compressing pixels.
  headers.set("accept-encoding", "identity");
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), request.timeoutMs);
  const signals = request.signal === undefined ? [silence.signal] : [silence.signal, request.signal];
  try {
    const startedAt = performance.now();
    const response = await fetch(request.url, {
      method: request.method,
      headers,
      body: request.body ?? null,
      redirect: "manual",
      signal: AbortSignal.any(signals),
    });
    if (Number(response.headers.get("content-length")) > request.maxBytes) {
      silence.abort(); // ends the connection
      throw tooLarge(request);
    }
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      timer.refresh();
      bytes += chunk.length;
      if (bytes > request.maxBytes) throw tooLarge(request);
      if (performance.now() - startedAt > totalMs(request, bytes)) throw tooSlow(request, bytes);
      chunks.push(chunk);
    }
    return { status: response.status, headers: response.headers, body: concatenate(chunks, bytes) };
  } catch (cause) {
    if (cause instanceof VigilError) throw cause;
    throw connectionError(request, silence.signal.aborted, cause);
  } finally {
    clearTimeout(timer);
  }
}

function totalMs({ timeoutMs }: HttpRequest, bytes: number): number {
  return Math.max(LEAST_TOTAL_MS, timeoutMs) + bytes / SLOWEST_BYTES_PER_MS;
}

function concatenate(chunks: Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

function tooLarge(request: HttpRequest): VigilError {
  const limit = `${Math.round(request.maxBytes / BYTES_PER_MIB)} MiB`;
  const message = `${where(request)} has an answer of more than ${limit} (pacs[].maxInstanceMiB, pacs[].maxAnswerMiB)`;
  return new VigilError("pacs-answer-too-large", message);
}

function tooSlow(request: HttpRequest, bytes: number): VigilError {
  const seconds = Math.round(totalMs(request, bytes) / 1000);
  return new VigilError("pacs-timeout", `${where(request)} brought no more than ${bytes} bytes in ${seconds} s`);
}

function connectionError(request: HttpRequest, silent: boolean, cause: unknown): VigilError {
  if (request.signal?.aborted) return new VigilError("interrupted", `${where(request)} was given up`, { cause });
  if (silent) {
    const message = `${where(request)} stayed silent for ${request.timeoutMs / 1000} s`;
    return new VigilError("pacs-timeout", message, { cause });
  }
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const said = reason instanceof Error ? ((reason as NodeJS.ErrnoException).code ?? reason.message) : String(reason);
  return new VigilError("pacs-unreachable", `${where(request)} failed: ${said}. Is the PACS running?`, { cause });
}

/** The catalogue's error of an answer that is no success; undefined when it is one. */
export function statusError(request: HttpRequest, { status, headers }: HttpAnswer): VigilError | undefined {
  if (status >= 200 && status < 300) return undefined;
  const message = `${where(request)} was answered ${status}`;
  if (status >= 300 && status < 400) {
    const target = redirectHost(headers.get("location"), request.url);
    return new VigilError("pacs-refused", `${message} and points to ${target}, which is not followed`);
  }
  return new VigilError(codeOfStatus(status), message);
}

function redirectHost(location: string | null, base: string): string {
  if (location === null || !URL.canParse(location, base)) return "nowhere";
  return new URL(location, base).host;
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401 || status === 403) return "pacs-unauthorized";
  if (status === 404 || status === 410) return "study-not-in-pacs";
  if (status === 408 || status === 504) return "pacs-timeout";
  // 409 is Orthanc's word for a resource that another request holds; other 5xx are worth a second try too.
  if (status === 409 || status === 429 || (status >= 500 && status !== 501)) return "pacs-busy";
  return "pacs-refused";
}

function where({ method, url }: HttpRequest): string {
  return `${method} ${withoutQuery(url)}`;
}

/** For messages, which end in logs: the query may hold what identifies a patient, and credentials are nobody's. */
export function withoutQuery(url: string): string {
  return withoutCredentials(url).replace(/\?.*$/, "");
}
