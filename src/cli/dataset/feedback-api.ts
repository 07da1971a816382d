import { type FeedbackRecord, feedbackPageSchema } from "../../contract/feedback.ts";
import { VigilError } from "../../errors.ts";

/** As many answers come in one page. */
const PAGE_SIZE = 500;
const LONGEST_ANSWER_MS = 60_000;

/**
 * Every answer that readers gave, page by page (`GET /api/feedback`).
 * @param api the root of the service, such as http://127.0.0.1:8077
 * @throws VigilError service-unreachable
 */
export async function* feedbackRecords(api: string, pageSize = PAGE_SIZE): AsyncGenerator<FeedbackRecord> {
  for (let cursor: string | null = ""; cursor !== null; ) {
    const url = new URL("/api/feedback", api);
    url.searchParams.set("limit", String(pageSize));
    if (cursor !== "") url.searchParams.set("cursor", cursor);
    const page = feedbackPageSchema.safeParse(await answerOf(url));
    if (!page.success) throw new VigilError("service-unreachable", `${url} answered something else than feedback`);
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
