import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { jsonLine, readJsonLines } from "../dataset/json-lines.ts";
import { UNFINISHED_DIR } from "../dataset/layout.ts";
import { checkedManifest } from "../dataset/manifest.ts";
import { writeWhole } from "../dataset/whole-file.ts";
import { attributeCountSchema } from "./deidentify/actions.ts";

/** What became of one study: a line of export.jsonl. Ids are those of the data set. */
const exportEntrySchema = z.strictObject({
  study: z.string(),
  /** null when it was skipped. */
  patient: z.string().nullable(),
  /** How many objects the PACS holds of it; null when it does not tell. */
  inPacs: z.int().nullable(),
  /** Of the objects that it had: another one, and the study is fetched anew. */
  fingerprint: z.string(),
  skipped: z.object({ reason: z.string(), message: z.string() }).nullable(),
  /** How many images were left out, and why. */
  excluded: z.record(z.string(), z.int()),
  /** What de-identification did, and how often. */
  actions: z.array(attributeCountSchema),
});
export type ExportEntry = z.infer<typeof exportEntrySchema>;

const FILE = "export.jsonl";
/** Of one study, until the data set is finished. */
const STUDY_FILE = /^[0-9a-f]{32}\.study\.json$/;

/** What became of each study, on disk as soon as it is known; in memory without its actions, which are long. */
export class ExportLog {
  readonly #dir: string;
  readonly #known = new Map<string, ExportEntry>();

  private constructor(dir: string) {
    this.#dir = dir;
  }

  /** @param dir of a data set that has been begun @throws VigilError dataset-invalid */
  static async open(dir: string): Promise<ExportLog> {
    const log = new ExportLog(dir);
    for await (const entry of log.#finished()) log.#remember(entry);
    for (const file of await log.#unfinished()) log.#remember(await readEntry(file));
    return log;
  }

  get(study: string): ExportEntry | undefined {
    return this.#known.get(study);
  }

  async add(entry: ExportEntry): Promise<void> {
    const name = createHash("sha256").update(entry.study).digest("hex").slice(0, 32);
    await writeWhole(path.join(this.#dir, UNFINISHED_DIR, `${name}.study.json`), JSON.stringify(entry));
    this.#remember(entry);
  }

  /** Puts the studies of this run among the earlier ones, in order. */
  async finish(): Promise<void> {
    const added = new Map<string, string>();
    for (const file of await this.#unfinished()) added.set((await readEntry(file)).study, file);
    await writeWhole(path.join(this.#dir, FILE), this.#lines(added));
  }

  async *entries(): AsyncGenerator<ExportEntry> {
    yield* this.#finished();
  }

  async *#lines(added: Map<string, string>): AsyncGenerator<string> {
    const names = [...added.keys()].sort();
    const line = async () => jsonLine(await readEntry(added.get(names.shift()!)!));
    for await (const entry of this.#finished()) {
      while (names[0] !== undefined && names[0] < entry.study) yield await line();
      if (!added.has(entry.study)) yield jsonLine(entry);
    }
    while (names.length > 0) yield await line();
  }

  async *#finished(): AsyncGenerator<ExportEntry> {
    const file = path.join(this.#dir, FILE);
    if (existsSync(file)) yield* readJsonLines(file, exportEntrySchema);
  }

  async #unfinished(): Promise<string[]> {
    const dir = path.join(this.#dir, UNFINISHED_DIR);
    return (await readdir(dir)).filter((name) => STUDY_FILE.test(name)).map((name) => path.join(dir, name));
  }

  #remember(entry: ExportEntry): void {
    this.#known.set(entry.study, { ...entry, actions: [] });
  }
}

async function readEntry(file: string): Promise<ExportEntry> {
  return checkedManifest(file, await readFile(file, "utf8"), exportEntrySchema);
}
