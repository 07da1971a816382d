/** An address and the credentials that were written into it (RFC 3986 3.2.1). */
export interface SplitAddress {
  /** Without credentials, and without a slash at its end. */
  url: string;
  /** undefined when the address held none */
  username: string | undefined;
  password: string | undefined;
}

/** Takes `http://user:password@host` apart, so that the address can be shown, logged and fetched. */
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

/** A password may hold a % that encodes nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
