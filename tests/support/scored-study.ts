import type { Finding, Presence } from "../../src/contract/finding.ts";
import { LABELS, type Label, perLabel } from "../../src/contract/labels.ts";
import type { Analysed } from "../../src/contract/result.ts";
import type { StudyAttributes } from "../../src/contract/study-attributes.ts";
import type { NotAnalysedReason } from "../../src/contract/study-state.ts";
import { emptyTimings } from "../../src/contract/timings.ts";
import { derivedUid } from "../../src/dicom/derived-uid.ts";
import type { AnalysedStudy } from "../../src/scoring/analysis.ts";

export interface ScoredStudyParts {
  /** Makes the UIDs: the same key gives the same study. */
  key?: string;
  attributes?: Partial<StudyAttributes>;
  slices?: number;
  /** What differs from an absent finding with a probability of 2 %. */
  findings?: Partial<Record<Label, Partial<Finding>>>;
  result?: Partial<Analysed>;
  contentHash?: string;
}

const CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";
const SLICE_SPACING_MM = 5;

/** A scored study of 512 x 512 slices, negative unless told otherwise; a finding that is not absent gets a key slice. */
export function scoredStudy({ key = "study", slices = 30, ...parts }: ScoredStudyParts = {}): AnalysedStudy {
  const studyInstanceUid = derivedUid("test study", key);
  const seriesInstanceUid = derivedUid("test series", key);
  const sliceUids = Array.from({ length: slices }, (_, z) => derivedUid("test slice", key, String(z)));
  const keySlice = Math.floor(slices / 2);
  const findings = LABELS.map((label): Finding => {
    const changes = parts.findings?.[label] ?? {};
    const presence: Presence = changes.presence ?? "absent";
    return {
      id: `${studyInstanceUid}/${label}`,
      label,
      probability: { present: 0.97, undetermined: 0.5, absent: 0.02 }[presence],
      threshold: 0.635,
      undeterminedFrom: 0.355,
      presence,
      laterality: null,
      keySlices:
        presence === "absent"
          ? []
          : [
              {
                seriesInstanceUid,
                sopInstanceUid: sliceUids[keySlice]!,
                frameNumber: null,
                z: keySlice,
                box: [148, 88, 192, 132],
              },
            ],
      ...changes,
    };
  });
  const any = findings.find((finding) => finding.label === "any")!;
  return {
    result: {
      studyInstanceUid,
      seriesInstanceUid,
      state: "scored",
      reason: null,
      flag: { present: "critical", undetermined: "undetermined", absent: "negative" }[any.presence] as Analysed["flag"],
      probabilities: perLabel((_, index) => findings[index]!.probability),
      findings,
      slices: sliceUids.map((sopInstanceUid, z) => ({
        seriesInstanceUid,
        sopInstanceUid,
        frameNumber: null,
        file: null,
        positionMm: z * SLICE_SPACING_MM,
        probabilities: perLabel((_, index) => findings[index]!.probability),
      })),
      series: [],
      warnings: [],
      model: { name: "ich-lite", version: "0.2.0" },
      provider: "cpu",
      timings: emptyTimings(),
      ...parts.result,
    },
    attributes: {
      studyInstanceUid,
      patientName: "Bleed^Anna",
      patientId: "P0001",
      issuerOfPatientId: "",
      patientBirthDate: "19500101",
      patientSex: "F",
      studyDate: "20260101",
      studyTime: "101500",
      studyId: "1",
      accessionNumber: "ACC001",
      referringPhysicianName: "",
      studyDescription: "CT Head w/o contrast",
      ...parts.attributes,
    },
    images: Object.fromEntries(
      sliceUids.map((uid) => [uid, { sopClassUid: CT_IMAGE_STORAGE, rows: 512, columns: 512 }]),
    ),
    heatMap: null,
    contentHash: parts.contentHash ?? "0".repeat(64),
  };
}

/** What differs in the result of a study in which nothing could be read. */
export function notAnalysed(reason: NotAnalysedReason): Partial<Analysed> {
  const result = { state: "not-analysed", flag: "not-analysed", reason, seriesInstanceUid: null, provider: null };
  return { ...result, probabilities: null, findings: [], slices: [] } as unknown as Partial<Analysed>;
}
