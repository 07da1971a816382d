import { link, mkdir, realpath, rename, rm } from "node:fs/promises";
import path from "node:path";
import { VigilError } from "../../errors.ts";
import { notWritten, UNFINISHED, writeWhole } from "../dataset/whole-file.ts";

/** `auto` shares the bytes with the source where the disk can, and copies them where it cannot. */
export type LinkChoice = "auto" | "hard" | "copy";

/** What the system says where files cannot be linked: another disk, another owner, no links there, too many. */
const CANNOT_LINK = ["EXDEV", "EPERM", "EACCES", "EMLINK", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/**
 * Puts a file into a data set, whole or not at all.
 * @throws VigilError dataset-not-written
 */
export async function placeFile(
  source: string,
  bytes: Uint8Array,
  target: string,
  choice: LinkChoice,
): Promise<"linked" | "copied"> {
  if (choice !== "copy" && (await linked(source, target, choice))) return "linked";
  await writeWhole(target, bytes);
  return "copied";
}

async function linked(source: string, target: string, choice: LinkChoice): Promise<boolean> {
  const unfinished = `${target}.${process.pid}${UNFINISHED}`;
  try {
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    await rm(unfinished, { force: true });
    await link(await realpath(source), unfinished);
    await rename(unfinished, target);
    // Renaming between two names of one file leaves both (rename(2)).
    await rm(unfinished, { force: true });
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!CANNOT_LINK.includes(code)) throw notWritten(target, error);
    if (choice === "auto") return false;
    const message = `${source} cannot be linked into the data set (${code}): leave --link out, and it is copied`;
    throw new VigilError("dataset-not-written", message, { cause: error });
  }
}
