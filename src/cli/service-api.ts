import type { z } from "zod";
import { loadConfig } from "../config.ts";
import { VigilError } from "../errors.ts";
import type { GlobalOptions } from "./options.ts";

/** As many items come in one page. */
const PAGE_SIZE = 500;
const LONGEST_ANSWER_MS = 60_000;

interface ApiPage<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** The root of the running service: what --api says, else where the settings have it. */
export function serviceRoot(options: GlobalOptions & { api?: string }): string {
  if (options.api !== undefined) return options.api;
  const { host, port } = loadConfig(options).server;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/**
 * All items of a route that answers page by page.
 * @param api the root of the service, such as http://127.0.0.1:8077
 * @throws VigilError service-unreachable
 */
export async function* servicePages<Item>(
  api: string,
  route: string,
  schema: z.ZodType<ApiPage<Item>>,
  pageSize = PAGE_SIZE,
): AsyncGenerator<Item> {
  for (let cursor: string | null = ""; cursor !== null; ) {
    const url = new URL(route, api);
    url.searchParams.set("limit", String(pageSize));
    if (cursor !== "") url.searchParams.set("cursor", cursor);
    const page = schema.safeParse(await answerOf(url));
    if (!page.success) throw new VigilError("service-unreachable", `${url} answered something else than is asked for`);
    yield* page.data.items;
    cursor = page.data.nextCursor;
  }
}

async function answerOf(url: URL): Promise<unknown> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(LONGEST_ANSWER_MS) });
    if (answer.ok) return await answer.json();
    throw new VigilError("service-unreachable", `${url} answered ${answer.status}: is this the address of Vigil?`);
  } catch (cause) {
    if (cause instanceof VigilError) throw cause;
    throw new VigilError("service-unreachable", `${url} cannot be reached: is \`vigil serve\` running there?`, {
      cause,
    });
  }
}
