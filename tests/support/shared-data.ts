import { existsSync } from "node:fs";
import path from "node:path";
import { PROJECT_DIR } from "../../src/installation.ts";

/** Real images beside the checkout, one folder for each source. They are no part of the repository. */
const SHARED_DATA_DIR = process.env.VIGIL_SHARED_DATA ?? path.resolve(PROJECT_DIR, "..", "shared", "data");

const folder = (name: string) => path.join(SHARED_DATA_DIR, name);

/** @throws Error when it is missing, so that a test without `needs` fails */
export function sharedData(name: string): string {
  const dir = folder(name);
  if (!existsSync(dir)) throw new Error(`the real images of this test are missing: ${dir} (see CONTRIBUTING.md)`);
  return dir;
}

/**
 * Options of a test or suite that reads such folders: without them it is skipped, and says so; with `CI=true` it runs,
 * and fails.
 * @example test("a real head is read", needs("dcm-qa-ct"), async () => { … sharedData("dcm-qa-ct") … })
 */
export function needs(...names: string[]): { skip: string | false } {
  const missing = names.filter((name) => !existsSync(folder(name)));
  if (missing.length === 0 || process.env.CI === "true") return { skip: false };
  return { skip: `needs ${missing.map((name) => `../shared/data/${name}`).join(", ")}, see CONTRIBUTING.md` };
}
