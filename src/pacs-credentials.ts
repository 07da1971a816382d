import type { PacsConfig } from "./config.ts";
import { splitAddress } from "./pacs-address.ts";

/** What every request to this PACS carries: the configured headers and credentials. */
export function pacsHeaders(config: PacsConfig): Record<string, string> {
  if (config.username === undefined) return config.headers;
  const credentials = Buffer.from(`${config.username}:${config.password ?? ""}`).toString("base64");
  return { authorization: `Basic ${credentials}`, ...config.headers };
}

/** An address as it may be shown and logged. */
export function withoutCredentials(url: string): string {
  return splitAddress(url).url;
}
