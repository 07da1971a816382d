import { Command, Option } from "commander";

/** A command with what all of them take. */
export function plainCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option("--config <file>", "settings (default: vigil.yaml, where there is one)")
    .option("--json", "print JSON on stdout")
    .showHelpAfterError()
    .exitOverride();
}

/**
 * One that speaks to the PACS or runs a model.
 * @param failure when the exit code is 1 @param examples what follows `vigil `, and what it does
 */
export function command(name: string, description: string, failure: string, examples: [string, string][]): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, does]) => `  vigil ${line.padEnd(width)}  ${does}`);
  return plainCommand(name, description)
    .option("--data <dir>", "everything Vigil keeps on disk (VIGIL_DATA)")
    .option("--pacs <url>", "DICOMweb root of the PACS (VIGIL_PACS)")
    .option("--orthanc <url>", "REST root of Orthanc, for its change feed (VIGIL_ORTHANC)")
    .option("--model <name[@version]>", "the model (VIGIL_MODEL)")
    .addOption(
      new Option("--provider <name>", "execution provider (VIGIL_PROVIDER)").choices([
        "auto",
        "cpu",
        "cuda",
        "tensorrt",
        "webgpu",
      ]),
    )
    .addHelpText("after", `\nExamples:\n${lines.join("\n")}\n\nExit code: 0 done, 1 ${failure}, 2 wrong use.`)
    .showHelpAfterError(`See \`vigil ${name} --help\`.`);
}
