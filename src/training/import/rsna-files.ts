import { existsSync } from "node:fs";
import path from "node:path";
import { readFileHeader } from "../../dicom/file-header.ts";
import { type FoundFile, filesIn } from "../../dicom/folder-files.ts";
import { toVigilError } from "../../errors.ts";
import { dicomFile, pathIn } from "../dataset/layout.ts";
import { atOnce } from "./at-once.ts";
import type { ProblemCode, ProblemTally } from "./problems.ts";

/** A file of one image, and its place in the data set. */
export interface LocatedFile {
  patient: string;
  study: string;
  source: string;
  target: string;
  sop: string;
}

export interface LocatedStudy {
  patient: string;
  study: string;
  files: LocatedFile[];
}

const OPEN_AT_ONCE = 8;

/**
 * Puts the studies of a folder together again by Study, Series and SOP Instance UID; only headers are read. What is no
 * image, or one a second time, is told and left out.
 * @throws VigilError not-found
 */
export async function locateStudies(
  dir: string,
  tally: ProblemTally,
  onProgress?: (files: number) => void,
): Promise<LocatedStudy[]> {
  const located: LocatedFile[] = [];
  let done = 0;
  await atOnce(OPEN_AT_ONCE, filesIn(dir), async (found) => {
    const file = await locate(found, dir, tally);
    onProgress?.(++done);
    if (file !== undefined) located.push(file);
  });
  const studies = new Map<string, LocatedStudy>();
  for (const file of withoutRepeats(located, dir, tally)) {
    const { patient, study } = file;
    const key = JSON.stringify([patient, study]);
    const known = studies.get(key);
    if (known === undefined) studies.set(key, { patient, study, files: [file] });
    else known.files.push(file);
  }
  return [...studies.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, study]) => study);
}

async function locate(found: FoundFile, dir: string, tally: ProblemTally): Promise<LocatedFile | undefined> {
  const name = path.relative(dir, found.file);
  const tell = (code: ProblemCode, what: string): undefined => {
    tally.add(code, what);
  };
  if ("message" in found) return tell("file-unreadable", found.message);
  try {
    const header = found.kind === "file" ? (await readFileHeader(found.file))?.headers[0] : undefined;
    if (header === undefined) return tell("file-foreign", name);
    const { seriesInstanceUid, sopInstanceUid: sop, study: attributes } = header;
    const { patientId, patientName, studyInstanceUid: study } = attributes;
    const patient = patientId || patientName || study;
    return { patient, study, sop, source: found.file, target: dicomFile(patient, study, seriesInstanceUid, sop) };
  } catch (error) {
    return tell("file-unreadable", toVigilError(error).message);
  }
}

/** A SOP Instance UID names one image everywhere. As many files at a time come in any order. */
function withoutRepeats(files: LocatedFile[], dir: string, tally: ProblemTally): LocatedFile[] {
  const bySop = new Map<string, LocatedFile>();
  for (const file of files.sort((a, b) => (a.source < b.source ? -1 : 1))) {
    const first = bySop.get(file.sop);
    if (first === undefined) bySop.set(file.sop, file);
    else tally.add("file-repeated", `${path.relative(dir, file.source)}, as ${path.relative(dir, first.source)}`);
  }
  return [...bySop.values()];
}

/** Whether everything of a study is in the data set. */
export function isInPlace(datasetDir: string, { files }: LocatedStudy): boolean {
  return files.every(({ target }) => existsSync(pathIn(datasetDir, target)));
}
