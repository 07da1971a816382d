import type { StudyNews } from "../contract/study-news.ts";
import { recordNews } from "../store/studies.ts";
import type { TriageContext } from "./context.ts";

/**
 * Records that a PACS has news of a study and has somebody look at it. Row and job are written together: once
 * this resolves, the study cannot be lost. News that is none costs one query.
 */
export async function announce(
  { database, queue, logger }: TriageContext,
  studyInstanceUid: string,
  news: StudyNews,
  pacs: string | null,
): Promise<void> {
  await database.db.transaction().execute(async (transaction) => {
    const isNews = await recordNews(transaction, studyInstanceUid, news, pacs);
    if (!isNews) return;
    await queue.wake(studyInstanceUid, transaction);
    logger.debug({ studyInstanceUid, pacs, ...news }, "study announced");
  });
}
