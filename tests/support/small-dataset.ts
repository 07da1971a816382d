import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { perLabel } from "../../src/contract/labels.ts";
import { Dataset } from "../../src/training/dataset/dataset.ts";
import { DatasetWriter } from "../../src/training/dataset/dataset-writer.ts";
import { type InstanceRecord, instanceKey } from "../../src/training/dataset/instance-record.ts";
import { LABEL_COLUMNS, type LabelRow, labelLine } from "../../src/training/dataset/label-row.ts";
import { dicomFile, pathIn } from "../../src/training/dataset/layout.ts";
import { recordsOfObject } from "../../src/training/dataset/records-of-object.ts";
import { sealDataset } from "../../src/training/dataset/seal.ts";

/** A data set of the DICOM files below these folders, with labels as told. */
export async function datasetOf(
  dir: string,
  folders: string[],
  labelsOf: (record: InstanceRecord) => Partial<LabelRow["labels"]> | undefined,
): Promise<Dataset> {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".dcm"))
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  const writer = await DatasetWriter.begin(dir, {
    ...{ name: "small", role: "test", source: { kind: "images" }, deidentification: null },
  });
  const records = files.sort().flatMap((file) => {
    const bytes = readFileSync(file);
    const [first] = recordsOfObject(bytes, file, "-");
    const place = dicomFile(first!.patient, first!.study, first!.series, first!.sop);
    mkdirSync(path.dirname(pathIn(dir, place)), { recursive: true });
    writeFileSync(pathIn(dir, place), bytes);
    return recordsOfObject(bytes, file, place);
  });
  for (const study of Map.groupBy(records, (record) => record.study).values()) await writer.addStudy(study);
  const { counts, contentHash, ...draft } = await writer.finish();
  const rows = records.flatMap((record) => {
    const labels = labelsOf(record);
    if (labels === undefined) return [];
    const whole = { ...perLabel(() => 0 as const), ...labels };
    return [
      labelLine({ study: record.study, sop: instanceKey(record), labels: whole, source: "test", reader: "", at: "" }),
    ];
  });
  writeFileSync(path.join(dir, "labels.csv"), `${LABEL_COLUMNS.join(",")}\n${rows.join("")}`);
  await sealDataset(dir, draft);
  return Dataset.open(dir);
}
