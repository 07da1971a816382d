import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands before a real PACS, counts what is asked of it, and answers in its place where a test wants that. */
export class WatchedPacs {
  /** Paths of all requests so far. */
  readonly asked: string[] = [];
  mostInFlight = 0;
  /** Answers itself and says true, or leaves the request to the PACS. */
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => boolean = () => false;
  /** Changes an answer in JSON of the PACS. */
  rewrite: (path: string, text: string) => string = (_path, text) => text;
  readonly #server: Server;
  #inFlight = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param pacsUrl without the DICOMweb root's path */
  static async start(pacsUrl: string): Promise<WatchedPacs> {
    const server = createServer();
    const watched = new WatchedPacs(server);
    server.on("request", (incoming, outgoing) => watched.#pass(pacsUrl, incoming, outgoing));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return watched;
  }

  get dicomweb(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/dicom-web`;
  }

  /** How often pixels were asked for. */
  get retrievals(): number {
    return this.asked.filter((path) => /\/instances\/[^/?]+$/.test(path)).length;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #pass(pacsUrl: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
    const path = incoming.url ?? "";
    this.asked.push(path);
    this.#inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
    outgoing.once("close", () => {
      this.#inFlight -= 1;
    });
    if (this.answer(incoming, outgoing)) return;
    const { method = "GET", headers } = incoming;
    const passed = request(`${pacsUrl}${path}`, { method, headers }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      const isJson = /json/.test(answer.headers["content-type"] ?? "");
      const sent = isJson ? Buffer.from(this.rewrite(path, body.toString())) : body;
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, "content-length": sent.length });
      outgoing.end(sent);
    });
    passed.on("error", () => outgoing.destroy());
    incoming.pipe(passed);
  }
}
