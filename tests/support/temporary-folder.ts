import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after } from "node:test";

/** A new empty folder, removed when the test file (or the test that asks) has ended. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), "vigil-test-"));
  after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}
