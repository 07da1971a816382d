import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Request, Response } from "express";

/** Below it a packet is sent all the same. */
const COMPRESSED_FROM_BYTES = 1024;

/** Answers with JSON, compressed where it is long and the client takes gzip. */
export async function sendJson(request: Request, response: Response, body: unknown): Promise<void> {
  const json = Buffer.from(JSON.stringify(body));
  response.type("json").vary("accept-encoding");
  if (json.length < COMPRESSED_FROM_BYTES || request.acceptsEncodings("gzip", "identity") !== "gzip") {
    response.send(json);
    return;
  }
  response.set("content-encoding", "gzip").send(await promisify(gzip)(json));
}
