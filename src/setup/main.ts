import { parseArgs } from "node:util";
import { toVigilError } from "../errors.ts";
import { prepare } from "./prepare.ts";
import { DEMO_TOOLS, TEST_TOOLS } from "./tools.ts";

const HELP = `Usage: npm run setup [-- --tests]

Installs what Vigil needs beside its npm packages: Orthanc with its DICOMweb plugin (Debian packages, unless they
are there already) and the OHIF viewer with Vigil's extension. Nothing is started.

  --tests   also what the tests need: Chromium, DICOM validators, PostgreSQL
  --help    this text
`;

const say = (line: string) => process.stderr.write(`vigil: ${line}\n`);

try {
  const { values } = parseArgs({ options: { tests: { type: "boolean" }, help: { type: "boolean", short: "h" } } });
  if (values.help) process.stdout.write(HELP);
  else {
    await prepare(values.tests ? TEST_TOOLS : DEMO_TOOLS, say);
    say("ready");
  }
} catch (error) {
  say(toVigilError(error).message);
  process.exitCode = 1;
}
