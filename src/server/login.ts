import type { RequestHandler } from "express";
import { readerSchema } from "../contract/reading.ts";

/**
 * Who is signed in, by the header that a proxy sets (`server.readerHeader`): `response.locals.login`, a name or null.
 * Whoever reaches this port without the proxy can name himself as he likes.
 */
export function login(header: string | undefined): RequestHandler {
  return (request, response, next) => {
    const value = header === undefined ? undefined : request.get(header);
    // Node reads headers as Latin-1, and proxies write UTF-8.
    const name = value === undefined ? undefined : Buffer.from(value, "latin1").toString();
    response.locals.login = readerSchema.safeParse(name).data ?? null;
    next();
  };
}
