import { globSync, mkdirSync } from "node:fs";
import path from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { toVigilError } from "../src/errors.ts";
import { prepare } from "../src/setup/prepare.ts";
import { TEST_TOOLS } from "../src/setup/tools.ts";

/**
 * `npm test [FILE…]`: installs what the tests need, runs every test file (or the ones named), and closes with a line
 * "N passed, N failed, N skipped".
 */

const root = path.resolve(import.meta.dirname, "..");
const FILE_TIMEOUT_MS = 10 * 60_000;

/** Why node:test calls something failed, such as "testCodeFailure", "hookFailed" or "subtestsFailed". */
function failureType(error: Error): unknown {
  return "failureType" in error ? error.failureType : undefined;
}

async function main(): Promise<number> {
  const say = (line: string) => process.stderr.write(`vigil: ${line}\n`);
  await prepare(TEST_TOOLS, say);
  const named = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
  const patterns = named.length > 0 ? named : ["tests/**/*.test.ts", "ohif-extension/**/*.test.ts"];
  const files = globSync(patterns, { cwd: root, exclude: ["**/node_modules/**"] }).sort();
  if (files.length === 0) {
    say(`no test file matches ${patterns.join(" ")}`);
    return 2;
  }
  mkdirSync(path.join(root, ".vigil", "screenshots"), { recursive: true });
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  const events = run({ files: files.map((file) => path.join(root, file)), concurrency: 2, timeout: FILE_TIMEOUT_MS });
  // Suites are counted by their tests, a skipped one as one; a suite or a file that ends badly on its own (a hook, its own
  // code) is a failed test of its own.
  events.on("test:pass", (event) => {
    if (event.skip !== undefined) skipped++;
    else if (event.details.type !== "suite") passed++;
  });
  events.on("test:fail", (event) => {
    if (event.details.type !== "suite" || failureType(event.details.error) !== "subtestsFailed") failed++;
  });
  const report = events.compose(spec);
  for await (const text of report) process.stdout.write(String(text));
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 && passed + skipped > 0 ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`vigil: ${toVigilError(error).message}\n`);
  return 1;
});
