import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { VigilError } from "../../errors.ts";
import { DATASET_FILES } from "./layout.ts";
import { writeWhole } from "./whole-file.ts";

/** Raised when a data set of before cannot be read any more. */
export const DATASET_FORMAT = 1;

const countsSchema = z.object({ patients: z.int(), studies: z.int(), series: z.int(), instances: z.int() });
export type DatasetCounts = z.infer<typeof countsSchema>;

/** How names and numbers of people were taken out; the key that mapped them is never in the data set. */
export const deidentificationSchema = z.strictObject({
  /** Such as `PS3.15 2024e`. */
  edition: z.string(),
  profile: z.string(),
  options: z.array(z.string()),
  /** Tells whether two data sets were mapped by the same key: a hash of it. */
  keyId: z.string(),
});

/** A split and what it was made with: it belongs to these images and labels only. */
const splitSchema = z.strictObject({
  created: z.iso.datetime(),
  contentHash: z.string(),
  seed: z.int(),
  folds: z.int().min(2),
  by: z.enum(["patient", "slice"]),
  /** The share held out; null for k folds. */
  validation: z.number().nullable(),
});

/** dataset.json */
export const datasetManifestSchema = z.strictObject({
  format: z.literal(DATASET_FORMAT, { error: `is a data set of another version; this Vigil reads ${DATASET_FORMAT}` }),
  name: z.string(),
  created: z.iso.datetime(),
  /** Where it comes from, and by which filters; `form`: which images of a study, and how they are stored. */
  source: z.looseObject({ kind: z.enum(["pacs", "rsna", "images"]), form: z.string().optional() }),
  /** Who made it, by role, such as `researcher`; never a person. */
  role: z.string(),
  /** null: the images name their patients. */
  deidentification: deidentificationSchema.nullable(),
  counts: countsSchema,
  /** Over labels and pixels (`contentHashOf`): the same hash, the same data to learn from. */
  contentHash: z.string(),
  split: splitSchema.nullable(),
  /** How often its test side was read by an evaluation, newest last. */
  readings: z.array(z.strictObject({ at: z.iso.datetime(), model: z.string(), split: z.string() })),
});
export type DatasetManifest = z.infer<typeof datasetManifestSchema>;

/** @throws VigilError not-found, dataset-invalid */
export async function readDatasetManifest(datasetDir: string): Promise<DatasetManifest> {
  const file = path.join(datasetDir, DATASET_FILES.manifest);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const message = `${datasetDir} is no data set, or an unfinished one: it has no ${DATASET_FILES.manifest}`;
    throw new VigilError("not-found", message, { cause });
  }
  return checkedManifest(file, text, datasetManifestSchema);
}

/** @throws VigilError dataset-invalid */
export function checkedManifest<T>(file: string, text: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(jsonOf(text));
  if (result.success) return result.data;
  throw new VigilError("dataset-invalid", `${file}: ${z.prettifyError(result.error).replaceAll("\n", " ")}`);
}

/** undefined, which no schema takes, where it is not JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function writeDatasetManifest(datasetDir: string, manifest: DatasetManifest): Promise<void> {
  // In the order of the schema, as it is read again.
  const text = JSON.stringify(datasetManifestSchema.parse(manifest), null, 2);
  await writeWhole(path.join(datasetDir, DATASET_FILES.manifest), `${text}\n`);
}
