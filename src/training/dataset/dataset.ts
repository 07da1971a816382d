import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { type CtSlice, readSlices } from "../../dicom/slice.ts";
import { VigilError } from "../../errors.ts";
import { type InstanceRecord, instanceRecordSchema } from "./instance-record.ts";
import { readJsonLines } from "./json-lines.ts";
import { type LabelRow, readLabelRows } from "./label-row.ts";
import { DATASET_FILES, pathIn } from "./layout.ts";
import { type DatasetManifest, readDatasetManifest } from "./manifest.ts";
import { type LabelIndex, resolveLabels } from "./resolve-labels.ts";
import { readSplit, type SplitRow } from "./split-row.ts";

/** The images of one study, series after series, each in the order of z. */
export interface StudyRecords {
  patient: string;
  study: string;
  instances: InstanceRecord[];
}

/** A finished data set on disk. Nothing of it is held in memory but what is asked for. */
export class Dataset {
  readonly dir: string;
  readonly manifest: DatasetManifest;

  private constructor(dir: string, manifest: DatasetManifest) {
    this.dir = dir;
    this.manifest = manifest;
  }

  /** @throws VigilError not-found, dataset-invalid */
  static async open(dir: string): Promise<Dataset> {
    return new Dataset(dir, await readDatasetManifest(dir));
  }

  /** All images, in the order of instances.jsonl. */
  instances(): AsyncGenerator<InstanceRecord> {
    return readJsonLines(this.#file("instances"), instanceRecordSchema);
  }

  /** All images, study by study. */
  studies(): AsyncGenerator<StudyRecords> {
    return Dataset.studiesIn(this.dir);
  }

  /** The same of a folder that is not sealed yet. */
  static async *studiesIn(dir: string): AsyncGenerator<StudyRecords> {
    let current: StudyRecords | undefined;
    for await (const record of readJsonLines(path.join(dir, DATASET_FILES.instances), instanceRecordSchema)) {
      if (current?.study !== record.study || current.patient !== record.patient) {
        if (current !== undefined) yield current;
        current = { patient: record.patient, study: record.study, instances: [] };
      }
      current.instances.push(record);
    }
    if (current !== undefined) yield current;
  }

  /** What every source says, in the order of labels.csv; none where the data set has no labels yet. */
  async *labelRows(): AsyncGenerator<LabelRow> {
    if (existsSync(this.#file("labels"))) yield* readLabelRows(this.#file("labels"));
  }

  labels(): Promise<LabelIndex> {
    return resolveLabels(this.labelRows());
  }

  /** Whether it has a split that was made for these images and labels. */
  get hasSplit(): boolean {
    const { split, contentHash } = this.manifest;
    return split !== null && split.contentHash === contentHash && existsSync(this.#file("split"));
  }

  /**
   * The rows of its split.
   * @throws VigilError split-missing when there is none, or it was made for other images or labels
   */
  async *split(): AsyncGenerator<SplitRow> {
    if (!this.hasSplit) {
      const why = this.manifest.split === null ? "has no split" : "has changed since its split was made";
      throw new VigilError("split-missing", `${this.dir} ${why}: make one with vigil dataset split ${this.dir}`);
    }
    yield* readSplit(this.#file("split"));
  }

  /**
   * Decodes the images of one file, in Hounsfield units, one of each frame.
   * @throws VigilError dicom-unreadable, pixels-unsupported, values-not-hu
   */
  async readPixels({ file }: Pick<InstanceRecord, "file">): Promise<CtSlice[]> {
    const where = pathIn(this.dir, file);
    const bytes = await readFile(where).catch((cause: unknown) => {
      throw new VigilError("dicom-unreadable", `${where} cannot be opened: is the data set complete?`, { cause });
    });
    return readSlices({ bytes, file: where }, { windowed: this.manifest.source.kind === "images" });
  }

  #file(name: "instances" | "labels" | "split"): string {
    return path.join(this.dir, DATASET_FILES[name]);
  }
}
