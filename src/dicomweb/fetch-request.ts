import { toVigilError, VigilError } from "../errors.ts";
import { type HttpAnswer, type HttpRequest, type RequestGate, sendRequest, statusError, withoutQuery } from "./http.ts";

export interface FetchRequestOptions {
  headers: Record<string, string>;
  timeoutMs: number;
  maxBytes: number;
  signal?: AbortSignal | undefined;
  gate?: RequestGate | undefined;
  /** A status beyond 2xx whose body is wanted all the same. */
  alsoAnswers?: number;
}

/**
 * The part of XMLHttpRequest that dicomweb-client uses, over Node's fetch; one instance per request. The client sees
 * successes only: whatever goes wrong, even inside the client's own handler, rejects `failed`.
 */
export class FetchRequest {
  readyState = 0;
  status = 0;
  response: unknown = null;
  responseType = "";
  onreadystatechange: (() => void) | null = null;
  /** Never resolves; rejects with a VigilError. */
  readonly failed: Promise<never>;
  readonly #options: FetchRequestOptions;
  readonly #headers: Headers;
  readonly #fail: (error: VigilError) => void;
  #method = "GET";
  #url = "";
  #answer: HttpAnswer | undefined;

  constructor(options: FetchRequestOptions) {
    this.#options = options;
    this.#headers = new Headers(options.headers);
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.failed = promise;
    this.#fail = reject;
  }

  open(method: string, url: string): void {
    this.#method = method.toUpperCase();
    // The client escapes the commas of a list, which Orthanc does not undo and RFC 3986 does not ask for.
    this.#url = url.replaceAll("%2C", ",");
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers.set(name, value);
  }

  getResponseHeader(name: string): string | null {
    return this.#answer?.headers.get(name) ?? null;
  }

  getAllResponseHeaders(): string {
    return [...(this.#answer?.headers ?? [])].map(([name, value]) => `${name}: ${value}`).join("\r\n");
  }

  send(body?: ArrayBuffer): void {
    this.#perform(body).catch((error) => this.#fail(toVigilError(error)));
  }

  async #perform(body: ArrayBuffer | undefined): Promise<void> {
    const { timeoutMs, maxBytes, signal, gate, alsoAnswers } = this.#options;
    const request: HttpRequest = {
      method: this.#method,
      url: this.#url,
      headers: this.#headers,
      timeoutMs,
      maxBytes,
      signal,
      gate,
    };
    if (body !== undefined) request.body = body;
    this.#answer = await sendRequest(request);
    const error = statusError(request, this.#answer);
    if (error !== undefined && this.#answer.status !== alsoAnswers) throw error;
    try {
      this.response = this.#decode(this.#answer.body);
      // dicomweb-client rejects every success but these two.
      this.status = this.#answer.status === 204 ? 204 : 200;
      this.readyState = 4;
      this.onreadystatechange?.();
    } catch (cause) {
      const message = `${this.#method} ${withoutQuery(this.#url)} has an unreadable answer`;
      throw new VigilError("pacs-answer-invalid", message, { cause });
    }
  }

  #decode(body: Uint8Array<ArrayBuffer>): unknown {
    if (this.responseType === "arraybuffer") return body.buffer;
    const text = new TextDecoder().decode(body);
    if (this.responseType !== "json") return text;
    return text === "" ? [] : JSON.parse(text);
  }
}
