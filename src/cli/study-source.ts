import { existsSync } from "node:fs";
import type { Config } from "../config.ts";
import { uidSchema } from "../contract/uid.ts";
import { openFolder } from "../dicom/folder-source.ts";
import type { StudySource } from "../dicom/source.ts";
import { VigilError } from "../errors.ts";
import { progressBar } from "./progress.ts";

/**
 * What a user means by <study>: every study in a folder or file, or the one study with this UID in the PACS.
 * @throws VigilError usage-invalid when it is neither, config-invalid when a UID is given but no PACS is set
 */
export async function findStudies(study: string, config: Config): Promise<StudySource[]> {
  if (existsSync(study)) {
    const progress = progressBar("looking for images:");
    const sources = await openFolder(study, { onProgress: (done) => done % 100 === 0 && progress.update(done) });
    progress.done();
    if (sources.length === 0) throw new VigilError("usage-invalid", `there is no DICOM image in ${study}`);
    return sources;
  }
  if (!uidSchema.safeParse(study).success) {
    throw new VigilError("usage-invalid", `${study} is neither a file or folder nor a Study Instance UID`);
  }
  const pacs = config.pacs[0];
  if (pacs === undefined) {
    throw new VigilError("config-invalid", "no PACS is set: give --pacs URL, VIGIL_PACS, or `pacs:` in vigil.yaml");
  }
  // Loaded here: a folder is scored without them.
  const { Pacs } = await import("../dicomweb/pacs.ts");
  const { PacsStudySource } = await import("../dicomweb/pacs-source.ts");
  return [new PacsStudySource(new Pacs(pacs), study)];
}
