import { existsSync } from "node:fs";
import path from "node:path";
import express, { type RequestHandler } from "express";

/** File names with a hash of the content in them never change: OHIF's, and the chunks of our extension. */
const HASHED_NAME = /\.[0-9a-f]{16}\.\w+$|^[0-9a-f]{16}\.\w+$|-[0-9A-Z]{8}\.js$/;
const ONE_YEAR_S = 365 * 24 * 3600;

/**
 * Serves the files of a folder, and where the client takes gzip and `x.js.gz` lies beside `x.js`, that one in its
 * place. Other requests go on to the next handler.
 */
export function precompressed(dir: string): RequestHandler {
  const files = express.static(dir, {
    index: false,
    redirect: false,
    // A part of a compressed file is of no use.
    acceptRanges: false,
    cacheControl: false,
  });
  return (request, response, next) => {
    const name = path.posix.basename(request.path);
    response.vary("accept-encoding");
    response.set("cache-control", HASHED_NAME.test(name) ? `public, max-age=${ONE_YEAR_S}, immutable` : "no-cache");
    if (request.acceptsEncodings("gzip") && existsSync(path.join(dir, `${request.path}.gz`))) {
      response.type(path.extname(name)).set("content-encoding", "gzip");
      request.url = request.url.replace(request.path, `${request.path}.gz`);
    }
    files(request, response, next);
  };
}
