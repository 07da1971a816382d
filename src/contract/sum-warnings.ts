import type { Warning } from "./warning.ts";
import type { WarningSummary } from "./warning-summary.ts";

/**
 * Eleven warnings of one kind become one line that opens; those that limit the flag come first. A file of its own,
 * without zod, so that the viewer can use it too.
 */
export function sumWarnings(warnings: readonly Warning[]): WarningSummary[] {
  const summaries = [...Map.groupBy(warnings, ({ code, limitsFlag }) => `${limitsFlag} ${code}`).values()].map(
    (ofKind) => {
      const [first] = ofKind as [Warning];
      const messages = ofKind.map(({ message }) => message);
      const text =
        messages.length === 1 ? first.message : `${first.message} And ${messages.length - 1} more like this.`;
      return { code: first.code, limitsFlag: first.limitsFlag, text, messages };
    },
  );
  return summaries.sort((a, b) => Number(b.limitsFlag) - Number(a.limitsFlag));
}
