import { type FeedbackRecord, feedbackPageSchema } from "../../contract/feedback.ts";
import { servicePages } from "../service-api.ts";

/** Every answer that readers gave (`GET /api/feedback`), from a service (`serviceRoot`). @throws VigilError service-unreachable */
export function feedbackRecords(api: string, pageSize?: number): AsyncGenerator<FeedbackRecord> {
  return servicePages(api, "/api/feedback", feedbackPageSchema, pageSize);
}
