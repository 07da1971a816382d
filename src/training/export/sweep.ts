import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { Dataset } from "../dataset/dataset.ts";
import { DATASET_FILES, pathIn } from "../dataset/layout.ts";

/**
 * Removes what an interrupted export left among the images: files of no image of the data set, and the folders that held
 * nothing else. Only once the data set is sealed: until then they may be wanted.
 */
export async function sweepImages(datasetDir: string): Promise<void> {
  const kept = new Set<string>();
  for await (const { instances } of Dataset.studiesIn(datasetDir)) {
    const files = new Set(instances.map(({ file }) => pathIn(datasetDir, file)));
    const studyDir = path.dirname(path.dirname([...files][0]!));
    kept.add(studyDir);
    for (const file of await filesBelow(studyDir)) if (!files.has(file)) await removeUpwards(file, studyDir);
  }
  const images = path.join(datasetDir, DATASET_FILES.dicom);
  for (const patient of await foldersIn(images)) {
    for (const study of await foldersIn(patient)) if (!kept.has(study)) await removeUpwards(study, images);
  }
}

async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
}

async function foldersIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(dir, name));
}

/** And the folders above it that are empty then, up to one that stays. */
async function removeUpwards(entry: string, upTo: string): Promise<void> {
  await rm(entry, { recursive: true, force: true });
  const above = path.dirname(entry);
  if (above !== upTo && (await readdir(above)).length === 0) await removeUpwards(above, upTo);
}
