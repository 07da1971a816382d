import { connect } from "node:net";
import { buffer } from "node:stream/consumers";

export interface RawAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

/** One request, sent as it stands over a connection of its own: every client would tidy it, or refuse to send it. */
export async function sendRaw(url: string, request: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(Buffer.from(request, "latin1"));
  const [head = "", body = ""] = (await buffer(socket)).toString("latin1").split(/\r\n\r\n(.*)/s);
  const [statusLine = "", ...lines] = head.split("\r\n");
  const headers = lines.map((line) => line.split(/: ?(.*)/s).slice(0, 2) as [string, string]);
  return {
    status: Number(statusLine.split(" ")[1]),
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    body,
  };
}

/** @param headers in the place of these; a Host of `undefined` is left out */
export function getRaw(
  url: string,
  target: string,
  headers: Record<string, string | undefined> = {},
  method = "GET",
): Promise<RawAnswer> {
  const all = { host: new URL(url).host, connection: "close", ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return sendRaw(url, [`${method} ${target} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
}
