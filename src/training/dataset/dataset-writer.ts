import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { VigilError } from "../../errors.ts";
import { Dataset, type StudyRecords } from "./dataset.ts";
import { type InstanceRecord, instanceRecordSchema } from "./instance-record.ts";
import { jsonLine, readJsonLines } from "./json-lines.ts";
import { DATASET_FILES, UNFINISHED_DIR } from "./layout.ts";
import {
  checkedManifest,
  DATASET_FORMAT,
  type DatasetManifest,
  datasetManifestSchema,
  readDatasetManifest,
} from "./manifest.ts";
import { mendRelabelled } from "./relabel.ts";
import { sealDataset } from "./seal.ts";
import { writeWhole } from "./whole-file.ts";

export type DatasetDescription = Pick<DatasetManifest, "name" | "source" | "role" | "deidentification">;

/** What is known of a data set before it is sealed. */
const draftSchema = datasetManifestSchema.omit({ counts: true, contentHash: true });
type Draft = Omit<DatasetManifest, "counts" | "contentHash">;

/**
 * Writes a data set study by study. A study is in it once `addStudy` has returned, whatever happens afterwards: the next
 * writer of the same folder goes on there. Without dataset.json, which `finish` writes last, nobody takes it for whole.
 */
export class DatasetWriter {
  readonly dir: string;
  readonly #draft: Draft;
  /** Studies written since the last `finish`, by their file in the unfinished folder. */
  readonly #written: Set<string>;
  readonly #sealed: Set<string>;

  private constructor(dir: string, draft: Draft, written: Set<string>, sealed: Set<string>) {
    this.dir = dir;
    this.#draft = draft;
    this.#written = written;
    this.#sealed = sealed;
  }

  /**
   * Begins a data set, or goes on with one that was not finished, or adds to a finished one.
   * @throws VigilError usage-invalid when the folder holds something else, or images of people where those described have
   *   no names, or the other way round
   */
  static async begin(dir: string, description: DatasetDescription): Promise<DatasetWriter> {
    await mendRelabelled(dir);
    const unfinished = path.join(dir, UNFINISHED_DIR);
    const draftFile = path.join(unfinished, DATASET_FILES.manifest);
    const draft = (await earlierDraft(dir, draftFile)) ?? newDraft(dir, description, await isEmpty(dir));
    refuseMixture(dir, draft, description);
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    const { name, role, source } = description;
    await writeWhole(draftFile, JSON.stringify({ ...draft, name, role, source }));
    const names = (await readdir(unfinished)).filter((file) => file.endsWith(".jsonl"));
    return new DatasetWriter(dir, { ...draft, name, role, source }, new Set(names), await sealedStudies(dir));
  }

  /** Whether the study is in the data set, so that it need not be written again. */
  has(patient: string, study: string): boolean {
    const name = fileOf({ patient, study });
    return this.#written.has(name) || this.#sealed.has(name);
  }

  /**
   * Adds a study, whose files are in place (`dicomFile`), or puts it in the place of an earlier state of itself.
   * @param records those of one study, in any order
   */
  async addStudy(records: InstanceRecord[]): Promise<void> {
    const [first] = records;
    if (first === undefined) return;
    const name = fileOf(first);
    // As they are read again: the same data set is the same bytes, whenever its lines were written.
    const lines = records.toSorted(inOrder).map((record) => jsonLine(instanceRecordSchema.parse(record)));
    await writeWhole(path.join(this.dir, UNFINISHED_DIR, name), lines.join(""));
    this.#written.add(name);
  }

  /** Takes a study out again; its files may stay. */
  async dropStudy(patient: string, study: string): Promise<void> {
    const name = fileOf({ patient, study });
    // An empty one takes the place of what was there.
    await writeWhole(path.join(this.dir, UNFINISHED_DIR, name), "");
    this.#written.add(name);
  }

  /**
   * Makes the data set of all its studies. Labels that are there stay.
   * @param beforeSealing may write labels: instances.jsonl is there
   */
  async finish(beforeSealing?: () => Promise<void>): Promise<DatasetManifest> {
    await rm(path.join(this.dir, DATASET_FILES.manifest), { force: true });
    await writeWhole(path.join(this.dir, DATASET_FILES.instances), this.#lines());
    await beforeSealing?.();
    const sealed = await sealDataset(this.dir, this.#draft);
    await rm(path.join(this.dir, UNFINISHED_DIR), { recursive: true, force: true });
    return sealed;
  }

  /** Earlier studies and new ones, in order; a new one takes the place of the same one of before. */
  async *#lines(): AsyncGenerator<string> {
    const added = await this.#addedStudies();
    let next = added.shift();
    for await (const { patient, study, instances } of earlierStudies(this.dir)) {
      while (next !== undefined && before(next, { patient, study })) {
        yield await this.#textOf(next);
        next = added.shift();
      }
      if (!this.#written.has(fileOf({ patient, study }))) yield instances.map(jsonLine).join("");
    }
    for (; next !== undefined; next = added.shift()) yield await this.#textOf(next);
  }

  async #addedStudies(): Promise<StudyName[]> {
    const studies: StudyName[] = [];
    for (const name of this.#written) {
      const lines = readJsonLines(path.join(this.dir, UNFINISHED_DIR, name), instanceRecordSchema);
      const { value } = await lines.next();
      await lines.return(undefined);
      if (value !== undefined) studies.push({ patient: value.patient, study: value.study });
    }
    return studies.sort((a, b) => (before(a, b) ? -1 : 1));
  }

  #textOf(study: StudyName): Promise<string> {
    return readFile(path.join(this.dir, UNFINISHED_DIR, fileOf(study)), "utf8");
  }
}

type StudyName = Pick<StudyRecords, "patient" | "study">;

function fileOf({ patient, study }: StudyName): string {
  return `${createHash("sha256")
    .update(JSON.stringify([patient, study]))
    .digest("hex")
    .slice(0, 32)}.jsonl`;
}

function before(a: StudyName, b: StudyName): boolean {
  return a.patient === b.patient ? a.study < b.study : a.patient < b.patient;
}

function inOrder(a: InstanceRecord, b: InstanceRecord): number {
  if (a.series !== b.series) return a.series < b.series ? -1 : 1;
  const byPosition = (a.z ?? 0) - (b.z ?? 0);
  if (byPosition !== 0) return byPosition;
  if (a.sop !== b.sop) return a.sop < b.sop ? -1 : 1;
  return (a.frame ?? 0) - (b.frame ?? 0);
}

async function earlierDraft(dir: string, draftFile: string): Promise<Draft | undefined> {
  if (existsSync(draftFile)) return checkedManifest(draftFile, await readFile(draftFile, "utf8"), draftSchema);
  if (!existsSync(path.join(dir, DATASET_FILES.manifest))) return undefined;
  const { counts, contentHash, ...draft } = await readDatasetManifest(dir);
  return draft;
}

function newDraft(dir: string, description: DatasetDescription, isFree: boolean): Draft {
  if (!isFree) {
    throw new VigilError(
      "usage-invalid",
      `${dir} holds something else than a data set: choose an empty or a new folder`,
    );
  }
  const created = new Date().toISOString();
  return { format: DATASET_FORMAT, created, split: null, readings: [], ...description };
}

async function isEmpty(dir: string): Promise<boolean> {
  return !existsSync(dir) || (await readdir(dir)).length === 0;
}

/** What the pixels and places of pictures rest on; other sources have none of it. */
const PICTURE_SETTINGS = ["window", "thicknessMm", "spacingMm"];

/** One file with a name among thousands without would give all of them away: their dates and links. */
function refuseMixture(dir: string, draft: Draft, { deidentification, source }: DatasetDescription): void {
  const mapped = (description: DatasetDescription["deidentification"]) => description?.keyId ?? "no key";
  if (mapped(draft.deidentification) !== mapped(deidentification)) {
    const message = "holds images that were de-identified in another way, or not at all: choose another folder";
    throw new VigilError("usage-invalid", `${dir} ${message}`);
  }
  const changed = PICTURE_SETTINGS.find((key) => JSON.stringify(draft.source[key]) !== JSON.stringify(source[key]));
  if (draft.source.kind === source.kind && changed !== undefined) {
    throw new VigilError("usage-invalid", `${dir} was made with another ${changed}: choose another folder`);
  }
  if (draft.source.form !== source.form) {
    const message = `holds images of another form (${draft.source.form}; now ${source.form}): choose another folder`;
    throw new VigilError("usage-invalid", `${dir} ${message}`);
  }
  if (draft.source.kind !== source.kind) {
    throw new VigilError(
      "usage-invalid",
      `${dir} holds images from another source (${draft.source.kind}): choose another folder`,
    );
  }
}

async function sealedStudies(dir: string): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const study of earlierStudies(dir)) names.add(fileOf(study));
  return names;
}

async function* earlierStudies(dir: string): AsyncGenerator<StudyRecords> {
  if (!existsSync(path.join(dir, DATASET_FILES.instances))) return;
  yield* Dataset.studiesIn(dir);
}
