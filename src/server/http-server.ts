import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Config } from "../config.ts";
import { VigilError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { isLoopback } from "./own-address.ts";

/** How long requests in progress may take when the server stops. */
const GRACE_MS = 2000;

/** How long a client may take to send a request; it sends 64 KB at most. */
const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** More are not accepted. A browser opens six, an open viewer keeps one. */
const MOST_CONNECTIONS = 2000;

export interface HttpServer {
  url: string;
  /** Takes no more requests and waits for those in progress, for a while. */
  stop(): Promise<void>;
}

/**
 * As long as nobody has to sign in, other machines are let in only on purpose.
 * @throws VigilError config-invalid
 */
export function checkReach({ host, allowOpen }: Config["server"], logger: Logger): void {
  if (isLoopback(host)) return;
  if (!allowOpen) {
    const advice =
      "keep it at 127.0.0.1 behind a proxy that asks who is there, " +
      "or set server.allowOpen: true (VIGIL_ALLOW_OPEN=true) to let everyone in";
    throw new VigilError("config-invalid", `server.host ${host}: Vigil has no sign-in, so ${advice}`);
  }
  logger.warn({ host }, "server.allowOpen: everyone who reaches this address reads all studies, without signing in");
}

/** @throws VigilError config-invalid when the address cannot be had */
export async function startHttpServer(handler: RequestListener, settings: Config["server"]): Promise<HttpServer> {
  const { host, port, publicUrl } = settings;
  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS }, handler);
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why = cause.code === "EADDRINUSE" ? "something else listens there" : cause.message;
      const advice = "set server.host and server.port (--port 0 takes any free port)";
      reject(new VigilError("config-invalid", `cannot listen on ${host}:${port}: ${why}; ${advice}`, { cause }));
    });
    server.listen(port, host, resolve);
  });
  return { url: urlOf(server, publicUrl), stop: () => close(server) };
}

/** Of all addresses of the machine none is the one: there the public URL says how it is reached. */
function urlOf(server: Server, publicUrl: string | undefined): string {
  const { address, family, port } = server.address() as AddressInfo;
  if (publicUrl !== undefined && ["0.0.0.0", "::"].includes(address)) return publicUrl;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const enough = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(enough);
}
