import { type TriageEvent, triageEventSchema } from "../../src/contract/event.ts";

/** A reader of `GET /api/events` over a connection of its own. */
export class EventStreamReader {
  readonly response: Response;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  readonly #connection: AbortController;
  #text = "";

  private constructor(response: Response, connection: AbortController) {
    this.response = response;
    this.#connection = connection;
    this.ended = this.#read();
    this.ended.catch(() => {});
  }

  static async open(url: string): Promise<EventStreamReader> {
    const connection = new AbortController();
    return new EventStreamReader(await fetch(`${url}/api/events`, { signal: connection.signal }), connection);
  }

  /** What has arrived, as it was sent. */
  get text(): string {
    return this.#text;
  }

  get events(): TriageEvent[] {
    return this.#text.split("\n\n").flatMap((message) => {
      const [, type, data] = /^event: (.+)\ndata: (.+)$/.exec(message) ?? [];
      return data === undefined ? [] : [triageEventSchema.parse({ type, ...JSON.parse(data) })];
    });
  }

  close(): void {
    this.#connection.abort();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.response.body ?? []) this.#text += decoder.decode(chunk, { stream: true });
  }
}
