import { Command, InvalidArgumentError, Option } from "commander";
import { plainCommand } from "./command.ts";

/** `vigil dataset …`: everything that is done with a data set between the PACS and the training. One file for each. */
export function datasetCommand(): Command {
  const dataset = new Command("dataset")
    .description("make, label, explore, split and prepare data sets for training (docs/training.md)")
    .showHelpAfterError()
    .exitOverride();
  const subcommands = [importRsna(), importImages(), label(), explore(), split(), prepare(), audit()];
  for (const subcommand of subcommands) dataset.addCommand(subcommand);
  return dataset;
}

function importRsna(): Command {
  return plainCommand("import-rsna", "a data set of the RSNA collection: its label file and its folder of DICOM files")
    .argument("<csv>", "the labels: ID,Label of Kaggle, or a column for each label; may end in .gz")
    .argument("[dicom-dir]", "the images; without it the label file is only checked and counted")
    .option("--out <dir>", "the folder of the data set")
    .addOption(
      new Option("--link <how>", "auto links files where the disk can and copies else, hard refuses to copy")
        .choices(["auto", "hard", "copy"])
        .default("auto"),
    )
    .action(async (csv, dir, options) => (await import("./dataset/import-rsna.ts")).importRsna(csv, dir, options));
}

function importImages(): Command {
  return plainCommand("import-images", "a data set of PNG and JPEG images that were made with one window")
    .argument("<csv>", "a line for each image: path, patient, study, slice or z, and the labels")
    .argument("<dir>", "the folder that the paths start from")
    .requiredOption("--window <C,W>", "window center and width, in HU, whose ends are black and white")
    .requiredOption("--out <dir>", "the folder of the data set")
    .option("--masks <dir>", "lesions: a PNG for each image that has any, of the same name and size")
    .option("--thickness <mm>", "of the slices, and the distance between two of them")
    .option("--spacing <mm>", "of the pixels")
    .option("--name <name>", "of the collection, which makes its UIDs (default: the name of the folder)")
    .action(async (csv, dir, options) => (await import("./dataset/import-images.ts")).importImages(csv, dir, options));
}

function label(): Command {
  return plainCommand("label", "add what readers said: from a table, from our feedback, from structured reports")
    .argument("<dataset>", "the folder of the data set")
    .option("--csv <file>", "RSNA-style table: ID,Label rows, or a column for each label")
    .option("--from-feedback", "what readers answered in the viewer, from a running service")
    .option("--api <url>", "where that service is (default: server.host and server.port of the settings)")
    .option("--from-sr <dir>", "TID 1500 reports below a folder")
    .option(
      "--key <file>",
      "the key a de-identified data set was exported with: answers and reports name the originals",
    )
    .option("--reader <name>", "who made the labels of --csv")
    .option("--skip-unknown", "pass over images that the data set does not have")
    .action(async (dir, options) => (await import("./dataset/label.ts")).label(dir, options));
}

function split(): Command {
  return plainCommand("split", "divide a data set by patient, labels evenly; or look for leaks in any division")
    .argument("[dataset]", "the folder of the data set; with --check any folder of images, or none")
    .option("--folds <n>", "how many (default: 5, fewer where a label has too few patients)", wholeNumber)
    .option("--validation <share>", "hold out this share instead, such as 0.1", shareOfAll)
    .option("--seed <n>", "the same seed makes the same split", wholeNumber, 1)
    .addOption(
      new Option("--by <what>", "slice leaks: for comparison only").choices(["patient", "slice"]).default("patient"),
    )
    .option("--links <csv>", "pairs of patients that are one person, two ids a line")
    .option("--allow-unbalanced", "go on where a label has fewer patients than there are folds")
    .option("--check <csv>", "look for leaks between the sides of this table; exit code 1 where there are any")
    .action(async (dir, options) => (await import("./dataset/split.ts")).split(dir, options));
}

function prepare(): Command {
  return plainCommand("prepare", "turn a data set into tensors as a model sees them: .npy shards and an index")
    .argument("<dataset>", "the folder of the data set")
    .option("--model <name[@version]>", "whose input (VIGIL_MODEL)")
    .option("--data <dir>", "where installed models are (VIGIL_DATA)")
    .addOption(new Option("--dtype <type>", "of the numbers").choices(["uint8", "float16", "float32"]).default("uint8"))
    .option("--shard-size <n>", "images in a shard, about: studies stay whole", wholeNumber, 1024)
    .option("--threads <n>", "threads that read and prepare (default: one for each core)", wholeNumber)
    .option("--part <i/n>", "do the i-th of n shares of the work, from 1; the last one to finish makes the index")
    .option("--merge", "only make the index of parts that are done")
    .option(
      "--reference",
      "instead the files of the reference baseline: the header's window, uint8, one for each image",
    )
    .action(async (dir, options) => (await import("./dataset/prepare.ts")).prepare(dir, options));
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 2 ** 31) throw new InvalidArgumentError("A whole number is expected.");
  return number;
}

function shareOfAll(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share < 1)) throw new InvalidArgumentError("A number between 0 and 1 is expected.");
  return share;
}

function audit(): Command {
  return plainCommand("audit", "look for anything in a de-identified data set that says whose images they are")
    .argument("<dataset>", "the folder of the data set")
    .option("--key <file>", "the key that it was exported with, to make sure that it is that one")
    .option(
      "--source <dir>",
      "the original files: each is de-identified again, and must become what the data set holds",
    )
    .action(async (dir, options) => (await import("./dataset/audit.ts")).audit(dir, options));
}

function explore(): Command {
  return plainCommand("explore", "look at a data set: labels, attributes, oddities and pictures, as one page of HTML")
    .argument("<dataset>", "the folder of the data set")
    .option("--out <file>", "the page (default: explore.html in the data set)")
    .option("--seed <number>", "draws the images that are shown", "1")
    .option("--pixels <number>", "so many images, beside those shown, have their pixels read", "400")
    .option("--compare <number>", "so many images at most are compared with those of other patients", "5000")
    .action(async (dir, options) => (await import("./dataset/explore.ts")).explore(dir, options));
}
