import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";
import { isDerivedUid } from "../../../dicom/derived-uid.ts";
import { VigilError } from "../../../errors.ts";
import { Dataset, type StudyRecords } from "../../dataset/dataset.ts";
import type { InstanceRecord } from "../../dataset/instance-record.ts";
import { DATASET_FILES, dicomFile, pathIn } from "../../dataset/layout.ts";
import { recordsOfObject } from "../../dataset/records-of-object.ts";
import { auditObject } from "./audit-object.ts";
import { CODE_SYSTEM_UID } from "./coded-value.ts";
import { hasIdentifyingPattern } from "./identifying-patterns.ts";
import { PSEUDONYM_FORMS } from "./pseudonyms.ts";

/** Something that should not be there: where, and what, without quoting it. */
export interface AuditFinding {
  file: string;
  what: string;
}

/**
 * Checks a de-identified data set from its files alone: every image against the rules again, names of files, records,
 * tables, whether the same person, study and series are called the same everywhere, and what else lies in the folder.
 * @throws VigilError not-found, dataset-invalid; usage-invalid where it was never de-identified
 */
export async function* auditDataset(dir: string, onStudy: (images: number) => void): AsyncGenerator<AuditFinding> {
  const dataset = await Dataset.open(dir);
  if (dataset.manifest.deidentification === null)
    throw new VigilError("usage-invalid", `${dir} was not de-identified: its images name their patients`);
  const listed = new Set<string>();
  const owners = new Map<string, string>();
  for await (const study of dataset.studies()) {
    yield* mappingFindings(study, owners);
    yield* await imageFindings(dir, study, listed);
    onStudy(study.instances.length);
  }
  yield* await folderFindings(dir, listed);
  for (const name of TEXT_FILES) yield* textFindings(dir, name);
  for await (const { source, reader } of dataset.labelRows())
    if (looksLikeName(reader) || looksLikeName(source))
      yield { file: DATASET_FILES.labels, what: "its column source or reader holds what looks like a name" };
}

/** A study belongs to one person, a series to one study. */
function* mappingFindings(
  { patient, study, instances }: StudyRecords,
  owners: Map<string, string>,
): Generator<AuditFinding> {
  const file = DATASET_FILES.instances;
  const isTaken = (id: string, owner: string) => (owners.get(id) ?? owner) !== owner;
  if (!PSEUDONYM_FORMS.patientId.test(patient)) yield { file, what: "a patient has a number that is no pseudonym" };
  if (isTaken(study, patient)) yield { file, what: `study ${study} belongs to two patients` };
  owners.set(study, patient);
  for (const series of new Set(instances.map((record) => record.series))) {
    if (isTaken(series, study)) yield { file, what: `series ${series} belongs to two studies` };
    owners.set(series, study);
  }
}

async function imageFindings(dir: string, study: StudyRecords, listed: Set<string>): Promise<AuditFinding[]> {
  const byFile = Map.groupBy(study.instances, ({ file }) => file);
  const findings: AuditFinding[] = [];
  for (const [file, records] of byFile) {
    listed.add(file);
    for (const { mask } of records) if (mask !== null) listed.add(mask);
    const bytes = await readFile(pathIn(dir, file)).catch(() => undefined);
    if (bytes === undefined) findings.push({ file, what: "it is missing" });
    else
      for (const what of [...auditObject(bytes), ...recordFindings(bytes, file, records)])
        findings.push({ file, what });
  }
  return findings;
}

function recordFindings(bytes: Uint8Array, file: string, records: InstanceRecord[]): string[] {
  try {
    const { patient, study, series, sop } = records[0]!;
    const comparable = (record: InstanceRecord) => ({ ...record, mask: null, problem: null });
    const inOrder = (all: InstanceRecord[]) => all.map(comparable).sort((a, b) => (a.frame ?? 0) - (b.frame ?? 0));
    const isSame = isDeepStrictEqual(inOrder(recordsOfObject(bytes, file, file)), inOrder(records));
    return [
      ...(file === dicomFile(patient, study, series, sop) ? [] : ["its name does not follow from its UIDs"]),
      ...(isSame ? [] : [`${DATASET_FILES.instances} says something else of it`]),
    ];
  } catch {
    return [];
  }
}

const AUDIT_FILE = "deidentification.json";
const LOG_FILE = "export.jsonl";
const TEXT_FILES = [
  DATASET_FILES.manifest,
  DATASET_FILES.labels,
  DATASET_FILES.conflicts,
  DATASET_FILES.split,
  LOG_FILE,
];
const KNOWN_FILES = new Set<string>([...TEXT_FILES, DATASET_FILES.instances, AUDIT_FILE]);

/** What nobody lists may hold anything. */
async function folderFindings(dir: string, listed: Set<string>): Promise<AuditFinding[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .filter((file) => !listed.has(file) && !KNOWN_FILES.has(file) && !file.startsWith(`${DATASET_FILES.prepared}/`))
    .map((file) => ({
      file: file.startsWith(`${DATASET_FILES.dicom}/`) ? DATASET_FILES.dicom : "the folder",
      what: "it holds a file that is no part of the data set",
    }));
}

const UID = /(?<![\d.])[0-2](?:\.\d+){4,}(?![\d.])/g;
const isPublicUid = (uid: string) => uid.startsWith("1.2.840.10008.") || CODE_SYSTEM_UID.test(uid);

/** Tables and descriptions name images by their new UIDs only. */
async function* textFindings(dir: string, name: string): AsyncGenerator<AuditFinding> {
  const input = createReadStream(path.join(dir, name));
  try {
    let line = 0;
    for await (const text of createInterface({ input })) {
      line++;
      const foreign = (text.match(UID) ?? []).some((uid) => !isDerivedUid(uid) && !isPublicUid(uid));
      if (foreign) yield { file: name, what: `line ${line} holds a UID that is none of the data set's` };
      if (/@[\w-]+\.\w/.test(text)) yield { file: name, what: `line ${line} holds an address` };
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  } finally {
    input.destroy();
  }
}

/** "Dr. Smith", "Smith^John", "john.smith@…": a reader is called by a role or a pseudonym. */
function looksLikeName(text: string): boolean {
  // What wrote a report is no person.
  if (/^(?:device: |sr:)/.test(text)) return false;
  return /\^|\p{Lu}\p{Ll}+[ .,]+\p{Lu}\p{Ll}+/u.test(text) || hasIdentifyingPattern(text);
}
