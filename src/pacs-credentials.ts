import type { PacsConfig } from "./config.ts";

/**
 * What every request to `url`, an address of this PACS, carries: the configured headers and credentials, names in
 * small letters. Credentials in an address (`http://user:password@pacs`) are as good as `username` and `password`,
 * which win; they go to their own host only.
 */
export function pacsHeaders(config: PacsConfig, url = config.dicomweb): Record<string, string> {
  const headers = Object.fromEntries(
    Object.entries(config.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const { username, password = "" } = config;
  const credentials = username === undefined ? credentialsFor(config, url) : `${username}:${password}`;
  if (credentials === undefined) return headers;
  return { authorization: `Basic ${Buffer.from(credentials).toString("base64")}`, ...headers };
}

/** An address that may be shown, logged and requested: fetch refuses one with credentials in it. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/\\?#]*@/i, "$1");
}

function credentialsFor({ dicomweb, orthanc }: PacsConfig, url: string): string | undefined {
  const { host } = new URL(url);
  const addresses = [url, dicomweb, orthanc].filter((address) => address !== undefined);
  return addresses
    .map((address) => new URL(address))
    .filter((address) => address.host === host && (address.username !== "" || address.password !== ""))
    .map(({ username, password }) => `${decoded(username)}:${decoded(password)}`)[0];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a per cent sign that encodes nothing stands for itself
  }
}
