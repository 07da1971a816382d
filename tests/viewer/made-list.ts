import { derivedUid } from "../../src/dicom/derived-uid.ts";
import { VigilError } from "../../src/errors.ts";
import type { CtSeries } from "../../src/phantom/ct-series.ts";
import { saveHeatMap } from "../../src/store/heat-maps.ts";
import type { Db } from "../../src/store/schema.ts";
import { failStudy } from "../../src/store/work.ts";
import type { ScoredStudyParts } from "../support/scored-study.ts";
import { saveScored } from "../support/store.ts";
import { madeBleed } from "./made-bleed.ts";

const NEGATIVE = 280;
const MINUTE_MS = 60_000;

/**
 * Writes 301 studies, of which few matter; the one that does most is the oldest. Minutes are since the arrival.
 * @param oldest its images
 * @param uncertain those of the next one, which has a prior
 */
export async function fillStore(db: Db, oldest: CtSeries, uncertain: CtSeries): Promise<void> {
  const save = (key: string, minutes: number, { attributes, ...parts }: ScoredStudyParts = {}) =>
    saveScored(
      db,
      {
        key,
        attributes: {
          studyInstanceUid: parts.result?.studyInstanceUid ?? derivedUid("test study", key),
          patientName: `Test^${key}`,
          patientId: key,
          accessionNumber: `A ${key}`,
          ...attributes,
        },
        ...parts,
      },
      new Date(Date.now() - minutes * MINUTE_MS),
    );
  const bleed = madeBleed(oldest, 0.97);
  const saved = await save("Oldest", 3000, bleed);
  await saveHeatMap(db, saved.id, bleed.heatMap);
  const { findings, ...less } = madeBleed(uncertain, 0.71);
  const ofUncertain = await save("Uncertain", 14, { ...less, findings: { any: findings!.any! } });
  await saveHeatMap(db, ofUncertain.id, less.heatMap);
  await save("Prior", 20_000, {
    attributes: { patientName: "Test^Uncertain", patientId: "Uncertain", studyDate: "20251122" },
  });
  await save("Unseen", 6, {
    findings: { any: { presence: "undetermined", probability: 0.03 } },
    result: {
      warnings: [
        {
          code: "slices",
          message: "7 of 30 slices could not be decoded.",
          limitsFlag: true,
          notSeen: "7 slices not read",
        },
        { code: "gap", message: "A gap of 40 mm lies between slices.", limitsFlag: true, notSeen: "gap of 40 mm" },
      ],
    },
  });
  for (const key of ["broken", "unreadable"]) {
    const { uid } = await save(key, 31);
    await db
      .updateTable("studies")
      .set({ resultId: null, probability: null })
      .where("studyInstanceUid", "=", uid)
      .execute();
    await failStudy(db, uid, 1, new VigilError("pixels-unsupported", "no slice could be decoded: JPEG data end early"));
  }
  const states = [
    ...Array.from(
      { length: 4 },
      (_, i) => ({ key: `angio ${i}`, state: "not-analysed", reason: "contrast-only" }) as const,
    ),
    ...Array.from({ length: 3 }, (_, i) => ({ key: `chest ${i}`, state: "not-analysed", reason: "no-head" }) as const),
    ...Array.from({ length: 9 }, (_, i) => ({ key: `new ${i}`, state: "waiting", reason: null }) as const),
  ];
  for (const { key, state, reason } of states) {
    const name = key.startsWith("angio") ? { patientName: "", patientBirthDate: "" } : {};
    const { uid } = await save(key, 2, { attributes: { ...name, studyDescription: "CT angiography head and neck" } });
    const flag = state === "waiting" ? "pending" : state;
    await db
      .updateTable("studies")
      .set({ state, flag, reason, probability: null, flaggedAt: null })
      .where("studyInstanceUid", "=", uid)
      .execute();
  }
  for (let i = 0; i < NEGATIVE; i++) await save(`Negative ${i}`, 10 + i);
}
