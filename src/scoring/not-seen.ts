import type { Finding } from "../contract/finding.ts";
import type { Analysed } from "../contract/result.ts";
import { type Warning, warning } from "../contract/warning.ts";
import { secondsOf } from "../dicom/date-time.ts";
import type { CtVolume } from "../dicom/volume.ts";

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

/** Warnings that say how much of the head a volume shows. */
const COVERAGE_CODES = new Set(["partial-coverage", "vertex-missing", "narrow-field"]);
/** A part of the head that is taken again, because the patient moved, follows within minutes. */
const SAME_SESSION_S = 30 * 60;

/**
 * What the volumes of a study have to say. That one shows a part of the head only does not limit the flag where another
 * one of the same session shows it whole.
 */
export function volumeWarnings(volumes: CtVolume[]): Warning[] {
  const limitsCoverage = ({ code, limitsFlag }: Warning) => limitsFlag && COVERAGE_CODES.has(code);
  const whole = volumes.filter(({ isRepeat, warnings }) => !isRepeat && !warnings.some(limitsCoverage));
  return volumes.flatMap((volume) => {
    const seenWhole = whole.some((other) => isSameSession(other, volume));
    return volume.warnings.map((one) =>
      seenWhole && limitsCoverage(one)
        ? warning(one.code, `${one.message} Another scan of the same session shows the whole head.`)
        : one,
    );
  });
}

function isSameSession(a: CtVolume, b: CtVolume): boolean {
  // Nothing tells where images without a frame of reference were taken.
  if (a.frameOfReferenceUid === "" || a.frameOfReferenceUid !== b.frameOfReferenceUid) return false;
  const [first, second] = [a, b].map(({ slices }) => secondsOf(slices[0]!.header.acquisitionDateTime));
  return first == null || second == null || Math.abs(first - second) <= SAME_SESSION_S;
}
