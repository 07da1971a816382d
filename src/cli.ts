import { Command, CommanderError, Option } from "commander";
import { command } from "./cli/command.ts";
import { datasetCommand } from "./cli/dataset.ts";
import { exportCommandLine } from "./cli/export/command-line.ts";
import { toVigilError } from "./errors.ts";
import { VERSION } from "./version.ts";

/**
 * The `vigil` command: parses, calls, prints. Results go to stdout, everything else to stderr.
 * Exit code 0 done, 1 failed, 2 wrong use. Each command is loaded only when it is called: help comes at once.
 */

const EXIT_FAILED = 1;
const EXIT_WRONG_USE = 2;
const STUDY = "a folder, a file, or a Study Instance UID";

const program = new Command("vigil")
  .description("AI triage of head CT studies for intracranial haemorrhage. Research software, not a medical device.")
  .version(VERSION)
  .addHelpText(
    "after",
    `
Examples:
  vigil serve --pacs http://127.0.0.1:8042/dicom-web  watch a PACS
  vigil score path/to/dicom                           score a folder
  vigil doctor                                        is everything in place?

Exit code: 0 done, 1 failed, 2 wrong use.
In a clone, \`npm run vigil -- COMMAND …\` is \`vigil COMMAND …\`.`,
  )
  .showHelpAfterError("See `vigil --help`.")
  .exitOverride();

program.addCommand(
  command("serve", "watch the PACS, score new head CT studies, serve API and viewer", "it could not start", [
    ["serve --pacs http://127.0.0.1:8042/dicom-web", "on 127.0.0.1:8077"],
    ["serve --json", "JSON on stdout"],
  ])
    .addOption(new Option("--role <role>", "which part to run").choices(["all", "api", "worker"]).default("all"))
    .option("--host <address>", "where to listen (VIGIL_HOST)")
    .option("--port <number>", "0 = any free one (VIGIL_PORT)")
    .option("--database <url>", "PostgreSQL instead of the embedded database (DATABASE_URL)")
    .action(async (options) => (await import("./cli/serve.ts")).serve(options)),
);

program.addCommand(
  command(
    "score",
    "score DICOM files, or a study in the PACS, without the service",
    "a study could not be scored or there is none",
    [
      ["score path/to/dicom", "every study in a folder"],
      ["score path/to/dicom --show-names", "names patients and files"],
      ["score 1.2.840.1 --pacs URL --out results", "one in the PACS, into files"],
    ],
  )
    .argument("<study>", STUDY)
    .option("--out <dir>", "write the structured report and the result there, readable for their owner only")
    .option("--show-names", "print names of patients, and the files of key slices")
    .action(async (study, options) => (await import("./cli/score.ts")).score(study, options)),
);

program.addCommand(
  command("explain", "say which series would be read, and why", "there is no such study", [
    ["explain path/to/dicom", "every study in a folder"],
    ["explain 1.2.840.1 --pacs URL", "a study in the PACS"],
  ])
    .argument("<study>", STUDY)
    .option("--show-names", "print names of patients")
    .action(async (study, options) => (await import("./cli/explain.ts")).explain(study, options)),
);

program.addCommand(
  command(
    "doctor",
    "ask the service that runs, or check what it will need; say what to do",
    "something is not as it should be",
    [
      ["doctor", "with the settings of vigil.yaml"],
      ["doctor --pacs URL --orthanc URL", "with these addresses"],
    ],
  )
    .option("--host <address>", "where the service listens (VIGIL_HOST)")
    .option("--port <number>", "on which port (VIGIL_PORT)")
    .option("--database <url>", "PostgreSQL instead of the embedded database (DATABASE_URL)")
    .action(async (options) => (await import("./cli/doctor.ts")).doctor(options)),
);

program.addCommand(exportCommandLine());

program.addCommand(datasetCommand());

// A reader that has seen enough (`vigil score … | head`) closes the pipe: that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has printed its own message already; asking for help or the version is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_WRONG_USE;
  const known = toVigilError(error);
  process.stderr.write(`vigil: ${known.message} [${known.code}]\n`);
  return known.code === "usage-invalid" || known.code === "config-invalid" ? EXIT_WRONG_USE : EXIT_FAILED;
}
