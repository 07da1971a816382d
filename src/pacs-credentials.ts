/** The part of a PACS' settings that says who is asking. */
interface PacsAccess {
  username?: string | undefined;
  password?: string | undefined;
  headers: Record<string, string>;
}

/** What every request to a PACS carries, names in small letters; an Authorization among `headers` wins. */
export function pacsHeaders({ username, password = "", headers }: PacsAccess): Record<string, string> {
  const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (username === undefined) return given;
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`, ...given };
}

/** An address and the credentials that were written into it (RFC 3986 3.2.1). */
interface SplitAddress {
  /** Without credentials, and without a slash at its end, so that paths can be appended. */
  url: string;
  /** undefined when the address held none */
  username: string | undefined;
  password: string | undefined;
}

/** Takes `http://user:password@host` apart: fetch refuses such an address, and it would be shown and logged. */
export function splitAddress(address: string): SplitAddress {
  const url = new URL(address);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const given = username !== "" || password !== "";
  return {
    url: url.href.replace(/\/+$/, ""),
    username: given ? decoded(username) : undefined,
    password: given ? decoded(password) : undefined,
  };
}

/** For messages, wherever an address in them comes from; it need not be a valid one. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/\\?#]*@/i, "$1");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a per cent sign that encodes nothing stands for itself
  }
}
