import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Config } from "../config.ts";
import { VigilError } from "../errors.ts";

/** How long requests in progress may take when the server stops. */
const GRACE_MS = 2000;

export interface HttpServer {
  url: string;
  /** Takes no more requests and waits for those in progress, for a while. */
  stop(): Promise<void>;
}

/** @throws VigilError config-invalid when the address cannot be had */
export async function startHttpServer(
  handler: RequestListener,
  { host, port }: Pick<Config["server"], "host" | "port">,
): Promise<HttpServer> {
  const server = createServer(handler);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "something else listens there" : cause.message;
      const advice = "set server.host and server.port (--port 0 takes any free port)";
      reject(new VigilError("config-invalid", `cannot listen on ${host}:${port}: ${why}; ${advice}`, { cause }));
    });
    server.listen(port, host, resolve);
  });
  return { url: urlOf(server), stop: () => close(server) };
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  // All addresses of the machine: one that a browser on it can open.
  const one = { "0.0.0.0": "127.0.0.1", "::": "::1" }[address] ?? address;
  return `http://${family === "IPv6" ? `[${one}]` : one}:${port}`;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const enough = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(enough);
}
