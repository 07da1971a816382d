import { type FolderStudy, scanFolder } from "../dicom/folder-source.ts";
import { toVigilError, VigilError } from "../errors.ts";
import type { DemoStudy } from "./studies.ts";

/** So much is read from disk and sent at a time. */
const PORTION_BYTES = 16 * 1024 ** 2;

/**
 * The studies in folders that the user names; what lies there and cannot be read is said.
 * @throws VigilError usage-invalid when there is no such folder, or no DICOM image in any of them
 */
export async function ownStudies(folders: string[], say: (line: string) => void): Promise<DemoStudy[]> {
  const found: FolderStudy[] = [];
  for (const folder of folders) {
    const { studies, skipped, unreadable } = await scanFolder(folder).catch((error: unknown) => {
      throw new VigilError("usage-invalid", `--dicom: ${toVigilError(error).message}`, { cause: error });
    });
    found.push(...studies);
    const parts = [count(studies.length, "study", "studies")];
    if (skipped.length > 0) parts.push(`${count(skipped.length, "file")} without DICOM images left out`);
    if (unreadable.length > 0) parts.push(`${unreadable.length} not readable: ${unreadable[0]!.message}`);
    say(`${folder}: ${parts.join("; ")}`);
  }
  if (folders.length > 0 && found.length === 0) {
    throw new VigilError("usage-invalid", `--dicom: there is no DICOM image in ${folders.join(", ")}`);
  }
  // A study may lie in several folders.
  const byUid = Map.groupBy(found, ({ studyInstanceUid }) => studyInstanceUid);
  return Promise.all([...byUid.values()].map(ownStudy));
}

async function ownStudy(parts: FolderStudy[]): Promise<DemoStudy> {
  const [first] = await parts[0]!.listInstances();
  return {
    studyInstanceUid: parts[0]!.studyInstanceUid,
    description: `yours: ${first?.study.studyDescription || "no study description"}`,
    expected: null,
    course: "whole",
    portions: () => portionsOf(parts),
  };
}

async function* portionsOf(parts: FolderStudy[]): AsyncGenerator<Uint8Array[]> {
  let portion: Uint8Array[] = [];
  let bytes = 0;
  for (const part of parts) {
    for await (const instance of part.readInstances(await part.listInstances())) {
      portion.push(instance.bytes);
      bytes += instance.bytes.length;
      if (bytes < PORTION_BYTES) continue;
      yield portion;
      [portion, bytes] = [[], 0];
    }
  }
  if (portion.length > 0) yield portion;
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
