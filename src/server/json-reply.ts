import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Request, Response } from "express";

/** Below it a packet is sent all the same. */
const COMPRESSED_FROM_BYTES = 1024;

/** Answers with JSON, compressed where it is long and the client takes gzip. */
export async function sendJson(request: Request, response: Response, body: unknown): Promise<void> {
  const json = Buffer.from(JSON.stringify(body));
  response.type("json").vary("accept-encoding");
  const takesGzip = request.acceptsEncodings("gzip", "identity") === "gzip";
  const isLong = json.length >= COMPRESSED_FROM_BYTES;
  if (isLong && takesGzip) response.set("content-encoding", "gzip");
  const bytes = isLong && takesGzip ? await promisify(gzip)(json) : json;
  // Not by send(), which answers 304 to `if-none-match: *`: nobody keeps these answers.
  response.set("content-length", String(bytes.length)).end(bytes);
}
