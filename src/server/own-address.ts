import { isIPv4 } from "node:net";
import type { Config } from "../config.ts";

type ServerSettings = Pick<Config["server"], "host" | "publicUrl">;

/** An address by which only this machine reaches itself; brackets around IPv6 may be there or not. */
export function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith("127.");
  return ["localhost", "::1", "[::1]"].includes(host.toLowerCase());
}

/**
 * The names under which this server is meant to be called. A page elsewhere can have its own name lead to our
 * address (DNS rebinding); its requests then carry that name, and only by it are they told from ours.
 */
export class OwnAddress {
  readonly #hosts: string[];
  readonly #publicUrl: string | undefined;

  constructor({ host, publicUrl }: ServerSettings) {
    const listensAt = host.includes(":") ? `[${host}]` : host;
    this.#publicUrl = publicUrl;
    this.#hosts = [listensAt.toLowerCase(), ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname])];
  }

  /** @param host a Host header, with or without a port */
  isHost(host: string | undefined): boolean {
    const [, name] = /^([\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.exec(host ?? "") ?? [];
    if (name === undefined || !URL.canParse(`http://${host}`)) return false;
    return isLoopback(name) || this.#hosts.includes(name.toLowerCase());
  }

  /** @param origin an Origin header @param host the Host header beside it, which is one of ours */
  isOrigin(origin: string, host: string): boolean {
    return origin === this.#publicUrl || origin === new URL(`http://${host}`).origin;
  }

  /** The origin of addresses that we hand out. @param host the Host header of the request, which is one of ours */
  origin(host: string): URL {
    return new URL(this.#publicUrl ?? `http://${host}`);
  }
}
