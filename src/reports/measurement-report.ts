import type { NaturalDataset } from "dcmjs";
import type { KeySlice } from "../contract/finding.ts";
import { CODES } from "../contract/report-codes.ts";
import { type ContentItem, codeItem, containerItem, imageItem, rootContainer } from "./content-item.ts";
import { type FindingRegion, measurementGroup } from "./measurement-group.ts";
import { observerContext } from "./observer.ts";
import { qualitativeEvaluations } from "./qualitative-evaluations.ts";
import { imageOf, type ReportSource } from "./report-source.ts";

/** TID 1500 Measurement Report, as the root of the document. */
export function measurementReport(study: ReportSource): NaturalDataset {
  return rootContainer(CODES.imagingMeasurementReport, "1500", [
    codeItem("HAS CONCEPT MOD", CODES.language, CODES.englishUnitedStates), // TID 1204
    ...observerContext(study.result.model),
    codeItem("HAS CONCEPT MOD", CODES.procedureReported, CODES.ctUnspecifiedBodyRegion),
    imageLibrary(study),
    ...imagingMeasurements(study),
    qualitativeEvaluations(study.result),
  ]);
}

/** TID 1600: every slice that was read. */
function imageLibrary({ result, images }: ReportSource): ContentItem {
  const slices = result.slices.map((slice) => imageItem("CONTAINS", imageOf(slice, images)));
  return containerItem("CONTAINS", CODES.imageLibrary, [
    containerItem("CONTAINS", CODES.imageLibraryGroup, [
      codeItem("HAS ACQ CONTEXT", CODES.modality, CODES.computedTomography),
      codeItem("HAS ACQ CONTEXT", CODES.targetRegion, CODES.head),
      ...slices,
    ]),
  ]);
}

/**
 * A group for each positive finding that has a place. Readers (OHIF, highdicom) fail on a group without a region and
 * on an empty container, so whatever has no place stands in the qualitative evaluations only.
 */
function imagingMeasurements({ result, images }: ReportSource): ContentItem[] {
  const groups = result.findings.flatMap((finding) => {
    const region = finding.presence === "present" ? strongestRegion(finding.keySlices, images) : undefined;
    return region === undefined ? [] : [measurementGroup(finding, region, result.model, result.studyInstanceUid)];
  });
  return groups.length === 0 ? [] : [containerItem("CONTAINS", CODES.imagingMeasurements, groups)];
}

function strongestRegion(keySlices: KeySlice[], images: ReportSource["images"]): FindingRegion | undefined {
  for (const slice of keySlices) {
    if (slice.box !== null) return { image: imageOf(slice, images), box: slice.box };
  }
  return undefined;
}
