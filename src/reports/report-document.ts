import type { NaturalDataset } from "dcmjs";
import type { ObjectReference } from "../contract/delivery.ts";
import { CODING_SCHEMES } from "../contract/report-codes.ts";
import type { StudyAttributes } from "../contract/study-attributes.ts";
import { dicomDate, dicomDateTime, dicomTime } from "../dicom/date-time.ts";
import { VERSION } from "../version.ts";
import { type ImageReference, sopReference } from "./content-item.ts";
import { contributingEquipment, MANUFACTURER, PRODUCT_NAME } from "./observer.ts";
import { imageOf, type ReportSource } from "./report-source.ts";

/** Far above what scanners number, so that the report comes last in a list of series. */
const SERIES_NUMBER = 900;

/** The modules of a Comprehensive SR around its content tree (PS3.3 A.35.3). */
export function reportDocument(
  study: ReportSource,
  identity: ObjectReference,
  predecessor: ObjectReference | undefined,
  now: Date,
): NaturalDataset {
  return {
    SOPClassUID: identity.sopClassUid,
    SOPInstanceUID: identity.sopInstanceUid,
    InstanceCreationDate: dicomDate(now),
    InstanceCreationTime: dicomTime(now),
    ...patientAndStudy(study.attributes),
    Modality: "SR",
    SeriesInstanceUID: identity.seriesInstanceUid,
    SeriesNumber: SERIES_NUMBER,
    SeriesDescription: PRODUCT_NAME,
    SeriesDate: dicomDate(now),
    SeriesTime: dicomTime(now),
    ReferencedPerformedProcedureStepSequence: [],
    Manufacturer: MANUFACTURER,
    ManufacturerModelName: PRODUCT_NAME,
    SoftwareVersions: VERSION,
    ContributingEquipmentSequence: [contributingEquipment(study.result.model, dicomDateTime(now))],
    CodingSchemeIdentificationSequence: codingSchemes(),
    InstanceNumber: 1,
    ContentDate: dicomDate(now),
    ContentTime: dicomTime(now),
    CompletionFlag: "COMPLETE",
    VerificationFlag: "UNVERIFIED",
    PerformedProcedureCodeSequence: [],
    CurrentRequestedProcedureEvidenceSequence: [evidence(study)],
    ...(predecessor === undefined
      ? {}
      : { PredecessorDocumentsSequence: [predecessorDocument(study.attributes.studyInstanceUid, predecessor)] }),
  };
}

/** As the images have them, so that the report belongs to the same patient and study. */
function patientAndStudy(attributes: StudyAttributes): NaturalDataset {
  return {
    PatientName: attributes.patientName,
    PatientID: attributes.patientId,
    ...(attributes.issuerOfPatientId === "" ? {} : { IssuerOfPatientID: attributes.issuerOfPatientId }),
    PatientBirthDate: attributes.patientBirthDate,
    PatientSex: attributes.patientSex,
    StudyInstanceUID: attributes.studyInstanceUid,
    StudyDate: attributes.studyDate,
    StudyTime: attributes.studyTime,
    StudyID: attributes.studyId,
    AccessionNumber: attributes.accessionNumber,
    ReferringPhysicianName: attributes.referringPhysicianName,
    ...(attributes.studyDescription === "" ? {} : { StudyDescription: attributes.studyDescription }),
  };
}

function codingSchemes(): NaturalDataset[] {
  return Object.entries(CODING_SCHEMES).map(([designator, { uid, name }]) => ({
    CodingSchemeDesignator: designator,
    CodingSchemeUID: uid,
    CodingSchemeName: name,
  }));
}

/** Every image that the content refers to must be named here (PS3.3 C.17.2). */
function evidence({ result, images, attributes }: ReportSource): NaturalDataset {
  const bySeries = Map.groupBy(result.slices, (slice) => slice.seriesInstanceUid);
  const series = [...bySeries].map(([seriesInstanceUid, slices]): [string, ImageReference[]] => {
    // The frames of a multi-frame image are one object.
    const objects = new Map(slices.map((slice) => [slice.sopInstanceUid, imageOf(slice, images)]));
    return [seriesInstanceUid, [...objects.values()].map((image) => ({ ...image, frameNumber: null }))];
  });
  return hierarchy(attributes.studyInstanceUid, series);
}

function predecessorDocument(studyInstanceUid: string, predecessor: ObjectReference): NaturalDataset {
  return hierarchy(studyInstanceUid, [[predecessor.seriesInstanceUid, [{ ...predecessor, frameNumber: null }]]]);
}

/** PS3.3 Table C.17-3, Hierarchical SOP Instance Reference Macro. */
function hierarchy(studyInstanceUid: string, series: [string, ImageReference[]][]): NaturalDataset {
  const referenced = series.map(([seriesInstanceUid, objects]) => ({
    SeriesInstanceUID: seriesInstanceUid,
    ReferencedSOPSequence: objects.map(sopReference),
  }));
  return { StudyInstanceUID: studyInstanceUid, ReferencedSeriesSequence: referenced };
}
