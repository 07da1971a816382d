import type { Finding } from "../contract/finding.ts";
import type { Analysed } from "../contract/result.ts";
import type { Warning } from "../contract/warning.ts";

type Verdict = Pick<Analysed, "flag" | "findings">;

/**
 * "No bleed found" is only said of a whole head that was read whole: where something was not seen, the flag is
 * undetermined at best and no finding is called absent. What was found stands.
 */
export function limitedBy(warnings: Warning[], verdict: Verdict): Verdict {
  if (!warnings.some(({ limitsFlag }) => limitsFlag)) return verdict;
  const findings = verdict.findings.map(
    (finding): Finding => (finding.presence === "absent" ? { ...finding, presence: "undetermined" } : finding),
  );
  return { flag: verdict.flag === "negative" ? "undetermined" : verdict.flag, findings };
}
