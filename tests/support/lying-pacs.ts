import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { configSchema, type PacsConfig } from "../../src/config.ts";

/** A server at a PACS's place that takes down what arrives and answers what a test wants. */
export class LyingPacs {
  /** Every request so far. */
  readonly arrived: Pick<IncomingMessage, "method" | "url" | "headers">[] = [];
  answer: RequestListener = (_incoming, outgoing) => {
    outgoing.writeHead(200, { "content-type": "application/dicom+json" }).end("[]");
  };
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<LyingPacs> {
    const server = createServer();
    const pacs = new LyingPacs(server);
    server.on("request", (incoming, outgoing) => {
      const { method, url, headers } = incoming;
      pacs.arrived.push({ method, url, headers });
      pacs.answer(incoming, outgoing);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return pacs;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Its DICOMweb root is `/rs`; above it lies what nobody may reach. */
  config(changes: Partial<PacsConfig> = {}): PacsConfig {
    return configSchema.parse({ pacs: [{ dicomweb: `http://${this.host}/rs`, timeoutS: 2, ...changes }] }).pacs[0]!;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
