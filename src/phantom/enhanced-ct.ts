import type { NaturalDataset } from "dcmjs";
import { derivedUid } from "../dicom/derived-uid.ts";
import { encodeDicom } from "../dicom/encode.ts";
import { SOP_CLASS } from "../dicom/uids.ts";
import { type CtSeriesOptions, imagePositionMm, sharedAttributes, storedPixels } from "./ct-series.ts";
import type { HuVolume } from "./hu-volume.ts";

export interface EnhancedCtOptions extends CtSeriesOptions {
  /** Enhanced CT Image Storage when absent. */
  sopClassUid?: string;
  /** Further functional groups of all frames, and of one frame; they also override the usual ones. */
  sharedGroups?: NaturalDataset;
  frameGroups?: (slice: number) => NaturalDataset;
}

/** What stands in a functional group, and nowhere else. */
const IN_GROUPS = [
  "ImageOrientationPatient",
  "PixelSpacing",
  "SliceThickness",
  "RescaleIntercept",
  "RescaleSlope",
  "RescaleType",
  "WindowCenter",
  "WindowWidth",
  "KVP",
  "ConvolutionKernel",
] as const;

/** Writes a volume as one Enhanced CT object (PS3.3 A.38), a frame for each slice, the lowest first. */
export function enhancedCt(volume: HuVolume, options: EnhancedCtOptions): Uint8Array {
  const shared = sharedAttributes(volume, options);
  const whole: NaturalDataset = { ...shared };
  for (const keyword of IN_GROUPS) delete whole[keyword];
  const group = (...keywords: (typeof IN_GROUPS)[number][]) => [
    Object.fromEntries(keywords.map((keyword) => [keyword, shared[keyword]])),
  ];
  const sopClassUid = options.sopClassUid ?? SOP_CLASS.enhancedCtImage;
  const frames = Array.from(
    { length: volume.slices },
    (_, slice): NaturalDataset => ({
      FrameContentSequence: [
        { FrameAcquisitionNumber: 1, FrameAcquisitionDateTime: `${shared.AcquisitionDate}101600` },
      ],
      PlanePositionSequence: [{ ImagePositionPatient: imagePositionMm(volume, slice) }],
      ...options.frameGroups?.(slice),
    }),
  );
  return encodeDicom({
    ...whole,
    SOPClassUID: sopClassUid,
    SOPInstanceUID: derivedUid("instance", options.studyKey, options.seriesKey ?? "axial", "enhanced"),
    InstanceNumber: 1,
    NumberOfFrames: String(volume.slices),
    SharedFunctionalGroupsSequence: [
      {
        CTImageFrameTypeSequence: [{ FrameType: ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"] }],
        PlaneOrientationSequence: group("ImageOrientationPatient"),
        PixelMeasuresSequence: group("PixelSpacing", "SliceThickness"),
        PixelValueTransformationSequence: group("RescaleIntercept", "RescaleSlope", "RescaleType"),
        FrameVOILUTSequence: group("WindowCenter", "WindowWidth"),
        CTXRayDetailsSequence: group("KVP"),
        CTReconstructionSequence: group("ConvolutionKernel"),
        ...options.sharedGroups,
      },
    ],
    PerFrameFunctionalGroupsSequence: frames,
    PixelData: storedPixels(volume, 0, volume.slices),
    _vrMap: { PixelData: "OW" },
    ...options.attributes,
  });
}
