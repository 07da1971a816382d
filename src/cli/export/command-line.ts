import { type Command, InvalidArgumentError, Option } from "commander";
import { command } from "../command.ts";

/** The flags of `vigil export`. */
export function exportCommandLine(): Command {
  return command(
    "export",
    "studies of the PACS as a data set; the same command again goes on",
    "the PACS did not answer, or the data set could not be written: what is done stays",
    [
      ["export --out heads --since 2026-01-01", "head CT of this day and later"],
      ["export --out flagged --flag critical --deidentify", "without names; asks the running Vigil"],
    ],
  )
    .requiredOption("--out <dir>", "the folder of the data set")
    .option("--study <uid...>", "these studies")
    .option("--studies <file>", "those in a file, a Study Instance UID a line")
    .option(
      "--query <key=value...>",
      "those that a search finds (QIDO-RS), such as PatientID=4711; CT unless it says otherwise",
    )
    .option("--since <date>", "those of this day and later, by Study Date")
    .option("--until <date>", "those of this day and earlier")
    .option("--flag <flags>", "those that a running Vigil flagged so, such as critical,undetermined")
    .option("--feedback", "those that a reader answered in the viewer")
    .option("--api <url>", "where that Vigil is (default: server.host and server.port of the settings)")
    .addOption(
      new Option("--series <which>", "chosen = what Vigil would read, all = every CT image")
        .choices(["chosen", "all"])
        .default("chosen"),
    )
    .addOption(
      new Option("--transfer-syntax <form>", "stored = as the PACS has it, decoded = Explicit VR Little Endian")
        .choices(["stored", "decoded"])
        .default("stored"),
    )
    .option("--deidentify", "take out what says whose they are, by PS3.15 annex E; faces stay recognisable")
    .option(
      "--key <file>",
      "the key by which names are mapped, made when absent (default: <out>.key beside the folder)",
    )
    .option("--requests <n>", "at most so many requests at a time (default: pacs[].parallelRetrievals)", wholeNumber)
    .option("--rate <MiB/s>", "at most so much on average", positive)
    .option("--wait <seconds>", "how long to wait for a PACS that does not answer", positive, 600)
    .action(async (options) => (await import("../export.ts")).exportCommand(options));
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("must be a number above 0");
  return value;
}

function wholeNumber(text: string): number {
  const value = positive(text);
  if (!Number.isInteger(value) || value > 64) throw new InvalidArgumentError("must be a whole number from 1 to 64");
  return value;
}
