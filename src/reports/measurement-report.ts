import type { NaturalDataset } from "dcmjs";
import type { ModelRef, StudyResult } from "../result.ts";
import { CODES } from "./codes.ts";
import { type ContentItem, codeItem, containerItem, imageItem, rootContainer } from "./content-item.ts";
import { type FindingRegion, measurementGroup } from "./measurement-group.ts";
import { observerContext } from "./observer.ts";
import { qualitativeEvaluations } from "./qualitative-evaluations.ts";
import type { ReportInput } from "./report-input.ts";

/** An analysed study: one whose model, series and image are known. */
export interface AnalysedStudy extends ReportInput {
  model: ModelRef;
  seriesInstanceUid: string;
  image: NonNullable<ReportInput["image"]>;
}

/** TID 1500 Measurement Report, as the root of the document. */
export function measurementReport(study: AnalysedStudy): NaturalDataset {
  return rootContainer(CODES.imagingMeasurementReport, "1500", [
    codeItem("HAS CONCEPT MOD", CODES.language, CODES.englishUnitedStates), // TID 1204
    ...observerContext(study.model),
    codeItem("HAS CONCEPT MOD", CODES.procedureReported, CODES.ctUnspecifiedBodyRegion),
    imageLibrary(study),
    ...imagingMeasurements(study),
    qualitativeEvaluations(study.result),
  ]);
}

/** TID 1600: every slice that was read. */
function imageLibrary({ result, image }: AnalysedStudy): ContentItem {
  const images = result.slices.map(({ sopInstanceUid }) =>
    imageItem("CONTAINS", { sopClassUid: image.sopClassUid, sopInstanceUid }),
  );
  return containerItem("CONTAINS", CODES.imageLibrary, [
    containerItem("CONTAINS", CODES.imageLibraryGroup, [
      codeItem("HAS ACQ CONTEXT", CODES.modality, CODES.computedTomography),
      codeItem("HAS ACQ CONTEXT", CODES.targetRegion, CODES.head),
      ...images,
    ]),
  ]);
}

/**
 * A group for each positive finding that has a place. Readers (OHIF, highdicom) fail on a group without a region and
 * on an empty container, so whatever has no place stands in the qualitative evaluations only.
 */
function imagingMeasurements({ result, image, model }: AnalysedStudy): ContentItem[] {
  const groups = result.findings.flatMap((finding) => {
    const region = finding.presence === "present" ? strongestRegion(finding.keySlices, image) : undefined;
    return region === undefined ? [] : [measurementGroup(finding, region, model, result.studyInstanceUid)];
  });
  return groups.length === 0 ? [] : [containerItem("CONTAINS", CODES.imagingMeasurements, groups)];
}

function strongestRegion(
  keySlices: StudyResult["findings"][number]["keySlices"],
  image: AnalysedStudy["image"],
): FindingRegion | undefined {
  for (const { sopInstanceUid, box } of keySlices) {
    if (box !== null) return { image: { ...image, sopInstanceUid }, box };
  }
  return undefined;
}
