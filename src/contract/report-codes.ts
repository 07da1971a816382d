/**
 * The coded concepts of our reports, each with the place in DICOM PS3.16 that defines or lists it (TID = template,
 * CID = context group; DCM = its Annex D).
 */
export interface CodedConcept {
  value: string;
  scheme: CodingScheme;
  meaning: string;
}

/** The coding schemes we use, with their UIDs (PS3.16 Table 8-1). */
export const CODING_SCHEMES = {
  DCM: { uid: "1.2.840.10008.2.16.4", name: "DICOM Controlled Terminology" },
  LN: { uid: "2.16.840.1.113883.6.1", name: "LOINC" },
  RFC5646: { uid: "2.16.840.1.113883.6.316", name: "Tags for the Identification of Languages" },
  SCT: { uid: "2.16.840.1.113883.6.96", name: "SNOMED CT" },
  UCUM: { uid: "2.16.840.1.113883.6.8", name: "Unified Code for Units of Measure" },
  UMLS: { uid: "2.16.840.1.113883.6.86", name: "Unified Medical Language System" },
} as const;

export type CodingScheme = keyof typeof CODING_SCHEMES;

const concept = (value: string, scheme: CodingScheme, meaning: string): CodedConcept => ({ value, scheme, meaning });

/** Names and values of content items that do not depend on the finding. */
export const CODES = {
  // TID 1500 Measurement Report
  imagingMeasurementReport: concept("126000", "DCM", "Imaging Measurement Report"), // CID 7021
  procedureReported: concept("121058", "DCM", "Procedure reported"),
  ctUnspecifiedBodyRegion: concept("25045-6", "LN", "CT unspecified body region"), // CID 100; it lists no plain head CT
  imagingMeasurements: concept("126010", "DCM", "Imaging Measurements"),
  qualitativeEvaluations: concept("C0034375", "UMLS", "Qualitative Evaluations"),

  // TID 1204 Language of Content Item and Descendants
  language: concept("121049", "DCM", "Language of Content Item and Descendants"),
  englishUnitedStates: concept("en-US", "RFC5646", "English (United States)"), // CID 5000

  // TID 1002 Observer Context, TID 1004 Device Observer Identifying Attributes
  observerType: concept("121005", "DCM", "Observer Type"),
  device: concept("121007", "DCM", "Device"), // CID 270
  deviceObserverUid: concept("121012", "DCM", "Device Observer UID"),
  deviceObserverName: concept("121013", "DCM", "Device Observer Name"),
  deviceObserverManufacturer: concept("121014", "DCM", "Device Observer Manufacturer"),
  deviceObserverModelName: concept("121015", "DCM", "Device Observer Model Name"),

  // TID 1600 Image Library
  imageLibrary: concept("111028", "DCM", "Image Library"),
  imageLibraryGroup: concept("126200", "DCM", "Image Library Group"),
  modality: concept("121139", "DCM", "Modality"),
  computedTomography: concept("CT", "DCM", "Computed Tomography"), // CID 29
  targetRegion: concept("123014", "DCM", "Target Region"),
  head: concept("69536005", "SCT", "Head"), // CID 4031

  // TID 1410 Planar ROI Measurements and Qualitative Evaluations
  measurementGroup: concept("125007", "DCM", "Measurement Group"),
  trackingIdentifier: concept("112039", "DCM", "Tracking Identifier"),
  trackingUniqueIdentifier: concept("112040", "DCM", "Tracking Unique Identifier"),
  finding: concept("121071", "DCM", "Finding"),
  findingSite: concept("363698007", "SCT", "Finding Site"),
  laterality: concept("272741003", "SCT", "Laterality"),
  imageRegion: concept("111030", "DCM", "Image Region"),
  presence: concept("705057003", "SCT", "Presence"),
  // Of anything: 111047, which looks right as well, is the probability of cancer.
  probability: concept("122157", "DCM", "Probability"),
  percent: concept("%", "UCUM", "Percent"), // CID 83

  // TID 4019 Algorithm Identification
  algorithmName: concept("111001", "DCM", "Algorithm Name"),
  algorithmVersion: concept("111003", "DCM", "Algorithm Version"),
  algorithmParameters: concept("111002", "DCM", "Algorithm Parameters"),

  // TID 4000 Mammography CAD Document Root, which is where DICOM has an outcome of the whole analysis; values: CID 6047
  findingsSummary: concept("111017", "DCM", "CAD Processing and Findings Summary"),
  succeededWithoutFindings: concept("111241", "DCM", "All algorithms succeeded; without findings"),
  succeededWithFindings: concept("111242", "DCM", "All algorithms succeeded; with findings"),
  partlySucceededWithoutFindings: concept("111243", "DCM", "Not all algorithms succeeded; without findings"),
  partlySucceededWithFindings: concept("111244", "DCM", "Not all algorithms succeeded; with findings"),

  comment: concept("121106", "DCM", "Comment"),

  // PS3.3 C.12.1.1.5 Contributing Equipment
  processingEquipment: concept("109102", "DCM", "Processing Equipment"), // CID 7005
} as const satisfies Record<string, CodedConcept>;
