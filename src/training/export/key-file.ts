import { randomBytes } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { VigilError } from "../../errors.ts";
import { writeWhole } from "../dataset/whole-file.ts";

const KEY_BYTES = 32;
const OTHERS = 0o077;

/**
 * The text of the key by which names are mapped. A file that is not there is made, for its owner only: who has it can
 * find out whose images they are, and without it nothing can be added to the data set.
 * @returns the text, and whether the key is new
 * @throws VigilError usage-invalid when the file lies in the data set; data-not-private when others can read it
 */
export async function keyOfFile(file: string, datasetDir: string): Promise<{ text: string; isNew: boolean }> {
  const inside = path.relative(realPath(datasetDir), realPath(file));
  if (!inside.startsWith("..") && !path.isAbsolute(inside)) {
    const message = `${file} lies in the data set: whoever gets the images would get the key to their names`;
    throw new VigilError("usage-invalid", `${message}; choose a place outside of ${datasetDir}`);
  }
  const isNew = !existsSync(file);
  if (isNew) await writeWhole(file, `${randomBytes(KEY_BYTES).toString("hex")}\n`);
  else if (process.platform !== "win32" && ((await stat(file)).mode & OTHERS) !== 0)
    throw new VigilError("data-not-private", `other users can read the key ${file}: chmod 600 it`);
  return { text: await readFile(file, "utf8"), isNew };
}

/** Of what may not be there yet: links above it are followed. */
function realPath(file: string): string {
  const whole = path.resolve(file);
  if (existsSync(whole)) return realpathSync(whole);
  const above = path.dirname(whole);
  return above === whole ? whole : path.join(realPath(above), path.basename(whole));
}
