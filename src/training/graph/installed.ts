import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { TRAINING_DIR } from "../../installation.ts";

/** What stands in a training folder once it is whole: its stamp, written last. */
const installedSchema = z.strictObject({
  layout: z.number(),
  device: z.enum(["cpu", "cuda"]),
  /** Name and version of the Python package. */
  tensorflow: z.string(),
  tfjs: z.string(),
});

export type InstalledTraining = z.infer<typeof installedSchema>;

export const STAMP_FILE = path.join(TRAINING_DIR, "installed.json");
export const BINDING_FILE = path.join(TRAINING_DIR, "tfjs_binding.node");
export const BUNDLE_FILE = path.join(TRAINING_DIR, "tensorflow.cjs");

/** What `npm run setup:training` put there; undefined when it has not run, or not to its end. */
export function installedTraining(): InstalledTraining | undefined {
  if (![STAMP_FILE, BINDING_FILE, BUNDLE_FILE].every((file) => existsSync(file))) return undefined;
  try {
    return installedSchema.safeParse(JSON.parse(readFileSync(STAMP_FILE, "utf8"))).data;
  } catch {
    // A stamp that is no JSON was not written by us to its end.
    return undefined;
  }
}
