import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { LABELS, type PerLabel, perLabel } from "../../src/contract/labels.ts";
import { parsePart10 } from "../../src/dicom/part10.ts";
import { Dataset } from "../../src/training/dataset/dataset.ts";
import { DatasetWriter } from "../../src/training/dataset/dataset-writer.ts";
import type { InstanceRecord } from "../../src/training/dataset/instance-record.ts";
import { LABEL_COLUMNS, labelLine } from "../../src/training/dataset/label-row.ts";
import { DATASET_FILES, dicomFile, pathIn } from "../../src/training/dataset/layout.ts";
import { recordsOfObject } from "../../src/training/dataset/records-of-object.ts";

const DESCRIPTION = { name: "made", role: "researcher", source: { kind: "pacs" as const }, deidentification: null };

export type Positive = Partial<PerLabel<0 | 1>>;

/** A data set of DICOM objects, without labels. */
export async function datasetOfObjects(
  dir: string,
  objects: Uint8Array[],
  change: (record: InstanceRecord) => InstanceRecord = (record) => record,
): Promise<Dataset> {
  const files = new Map<string, Uint8Array>();
  const records = objects.flatMap((bytes) => {
    const text = (tag: string) => parsePart10(bytes, "an image").string(tag) ?? "";
    const [patient, study, series, sop] = ["x00100020", "x0020000d", "x0020000e", "x00080018"].map(text);
    const file = dicomFile(patient!, study!, series!, sop!);
    files.set(file, bytes);
    return recordsOfObject(bytes, file, file).map(change);
  });
  const dataset = await datasetOfRecords(dir, records);
  for (const [file, bytes] of files) {
    mkdirSync(path.dirname(pathIn(dir, file)), { recursive: true });
    writeFileSync(pathIn(dir, file), bytes);
  }
  return dataset;
}

/** A data set whose images are not there: for what looks at records and labels only. */
export async function datasetOfRecords(
  dir: string,
  records: InstanceRecord[],
  labelsOf?: (record: InstanceRecord) => Positive,
): Promise<Dataset> {
  const writer = await DatasetWriter.begin(dir, DESCRIPTION);
  for (const study of Map.groupBy(records, ({ patient, study }) => `${patient} ${study}`).values())
    await writer.addStudy(study);
  if (labelsOf !== undefined) {
    const lines = records.map((record) => {
      const said = { ...perLabel((): 0 | 1 => 0), ...labelsOf(record) };
      const any = Number(LABELS.some((label) => said[label] === 1)) as 0 | 1;
      return labelLine({
        study: record.study,
        sop: record.sop,
        labels: { ...said, any },
        source: "test",
        reader: "",
        at: "",
      });
    });
    writeFileSync(path.join(dir, DATASET_FILES.labels), `${LABEL_COLUMNS.join()}\n${lines.join("")}`);
  }
  await writer.finish();
  return Dataset.open(dir);
}

/** One image of a patient with one study; nothing of it is on disk. */
export function madeRecord(patient: string, z: number, changes: Partial<InstanceRecord> = {}): InstanceRecord {
  const sop = `${patient}.${z}`;
  return {
    ...{
      patient,
      study: `study of ${patient}`,
      series: `series of ${patient}`,
      sop,
      frame: null,
      file: `dicom/${sop}.dcm`,
    },
    ...{ z, pixelHash: Buffer.from(sop).toString("hex").padEnd(64, "0").slice(-64), mask: null, problem: null },
    ...{ rows: 512, columns: 512, spacing: [0.5, 0.5] as [number, number], thickness: 5, window: [] },
    ...{ rescale: null, position: null, orientation: null, samplesPerPixel: 1, photometric: "MONOCHROME2" },
    ...{
      bitsAllocated: 16,
      bitsStored: 12,
      highBit: 11,
      pixelRepresentation: 0,
      transferSyntax: "1.2.840.10008.1.2.1",
    },
    ...{ modality: "CT", manufacturer: "", scanner: "", kernel: "", kvp: 120, studyDate: "", sex: "", age: "" },
    ...changes,
  };
}
