import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands before a real PACS and spoils what a test wants spoiled. */
export class PacsProxy {
  /** The status with which STOW-RS is answered instead of being passed on; null = passed on. */
  refuseStoresWith: number | null = null;
  /** Passes a STOW-RS request on but breaks the connection instead of giving the answer. */
  loseStoreAnswers = false;
  stores = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(pacsUrl: string): Promise<PacsProxy> {
    const server = createServer();
    const proxy = new PacsProxy(server);
    server.on("request", (incoming, outgoing) => {
      const isStore = incoming.method === "POST";
      if (isStore) proxy.stores += 1;
      if (isStore && proxy.refuseStoresWith !== null) {
        incoming.resume().on("end", () => outgoing.writeHead(proxy.refuseStoresWith ?? 500).end());
        return;
      }
      const { method, headers } = incoming;
      const passed = request(`${pacsUrl}${incoming.url}`, { method: method ?? "GET", headers }, (answer) => {
        if (isStore && proxy.loseStoreAnswers) {
          answer.resume().on("end", () => outgoing.destroy());
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      passed.on("error", () => outgoing.destroy());
      incoming.pipe(passed);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
