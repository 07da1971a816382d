import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Rewrites a DICOM file with one of dcmtk's tools (dcmconv, dcmcrle, dcmcjpls). */
export function rewritten(bytes: Uint8Array, folder: string, tool: string, ...options: string[]): Uint8Array {
  const [from, to] = [path.join(folder, `${randomUUID()}.dcm`), path.join(folder, `${randomUUID()}.dcm`)];
  writeFileSync(from, bytes);
  execFileSync(tool, [...options, from, to], { stdio: ["ignore", "ignore", "pipe"] });
  return readFileSync(to);
}
