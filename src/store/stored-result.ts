import { z } from "zod";
import { type StudyResult, studyResultSchema } from "../contract/result.ts";

const objects = z.array(z.looseObject({}));

/** What 0.1 stored: one series per study, images of one frame, warnings that limit nothing. */
const olderResultSchema = z.looseObject({
  seriesInstanceUid: z.string().nullable(),
  findings: z.array(z.looseObject({ keySlices: objects })),
  slices: objects,
  warnings: objects,
});

/**
 * Reads a result that this or an earlier version has stored, and brings it to today's shape.
 * @returns undefined when it is none
 */
export function parseStoredResult(stored: unknown): StudyResult | undefined {
  const present = studyResultSchema.safeParse(stored);
  if (present.success) return present.data;
  const older = olderResultSchema.safeParse(stored);
  return older.success ? studyResultSchema.safeParse(upgraded(older.data)).data : undefined;
}

function upgraded(older: z.infer<typeof olderResultSchema>) {
  const image = { seriesInstanceUid: older.seriesInstanceUid, frameNumber: null };
  return {
    ...older,
    findings: older.findings.map((finding) => ({
      ...finding,
      keySlices: finding.keySlices.map((slice) => ({ ...image, ...slice })),
    })),
    slices: older.slices.map((slice) => ({ ...image, ...slice })),
    warnings: older.warnings.map((warning) => ({ limitsFlag: false, notSeen: null, ...warning })),
  };
}
