import { t } from "../../src/contract/translate.ts";
import { refusalWords } from "../../src/contract/words.ts";
import { ApiError, Unreachable } from "./api.ts";

/** What went wrong, in words. @param outcome how the sentence begins, such as "Not kept" */
export function whyNot(error: unknown, outcome: string): string {
  if (error instanceof ApiError) return refusalWords(error.status, error.retryAfterS, outcome);
  if (error instanceof Unreachable) return t("{outcome}: Vigil cannot be reached.", { outcome });
  return (error as Error).message;
}
