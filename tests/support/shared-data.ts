import { existsSync } from "node:fs";
import path from "node:path";
import { PROJECT_DIR } from "../../src/installation.ts";

/** A folder of real images beside the checkout. They are not part of the repository; a test that needs them fails without. */
export function sharedData(name: string): string {
  const dir = path.resolve(PROJECT_DIR, "..", "shared", "data", name);
  if (!existsSync(dir)) throw new Error(`the real images of this test are missing: ${dir} (see CONTRIBUTING.md)`);
  return dir;
}
