import { DatasetWriter } from "../../src/training/dataset/dataset-writer.ts";
import type { InstanceRecord } from "../../src/training/dataset/instance-record.ts";
import type { DatasetManifest } from "../../src/training/dataset/manifest.ts";

export interface MadeStudy {
  patient: string;
  study: string;
  /** `instanceKey` of its images, from the neck upwards. */
  images: string[];
}

/** A data set whose records are made up: for what reads labels and records, not pixels. */
export async function madeDataset(
  dir: string,
  studies: MadeStudy[],
  deidentification: DatasetManifest["deidentification"] = null,
): Promise<DatasetManifest> {
  const source = { kind: "pacs" as const };
  const writer = await DatasetWriter.begin(dir, { name: "made", role: "test", source, deidentification });
  for (const { patient, study, images } of studies) {
    await writer.addStudy(images.map((image, i) => madeRecord(patient, study, image, i * 5)));
  }
  return writer.finish();
}

function madeRecord(patient: string, study: string, image: string, z: number): InstanceRecord {
  const [sop = "", frame] = image.split("#");
  return {
    ...{ patient, study, series: `${study}.1`, sop, frame: frame === undefined ? null : Number(frame) },
    ...{ file: `dicom/${sop}.dcm`, z, pixelHash: "0".repeat(64), rows: 512, columns: 512, spacing: [0.5, 0.5] },
    ...{ thickness: 5, window: [[40, 80]], mask: null, problem: null, rescale: { slope: 1, intercept: -1024 } },
    ...{ position: null, orientation: null, samplesPerPixel: 1, photometric: "MONOCHROME2" },
    ...{ bitsAllocated: 16, bitsStored: 12, highBit: 11, pixelRepresentation: 0, studyDate: "", sex: "", age: "" },
    ...{ transferSyntax: "1.2.840.10008.1.2.1", modality: "CT", manufacturer: "", scanner: "", kernel: "", kvp: 120 },
  };
}
