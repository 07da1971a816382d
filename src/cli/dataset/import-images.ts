import path from "node:path";
import { VigilError } from "../../errors.ts";
import { importPictures } from "../../training/import/pictures.ts";
import { ProblemTally } from "../../training/import/problems.ts";
import type { GlobalOptions } from "../options.ts";
import { colour, printJson, printLine } from "../print.ts";
import { withProgress } from "../progress.ts";
import { printProblems } from "./told.ts";

interface ImportImagesOptions extends GlobalOptions {
  window: string;
  out: string;
  masks?: string;
  thickness?: string;
  spacing?: string;
  name?: string;
}

/** `vigil dataset import-images`: PNG and JPEG images that were made with one window, as a data set. */
export async function importImages(table: string, dir: string, options: ImportImagesOptions): Promise<void> {
  const tally = new ProblemTally();
  const { out, masks = null } = options;
  const settings = {
    window: windowOf(options.window),
    thicknessMm: millimetres("--thickness", options.thickness),
    spacingMm: millimetres("--spacing", options.spacing),
  };
  const collection = options.name ?? path.basename(path.resolve(dir));
  const counts = await withProgress("importing images", (onProgress) =>
    importPictures({ table, dir, out, collection, masksDir: masks, ...settings, tally, onProgress }),
  );
  const problems = tally.list();
  if (options.json) return printJson({ out, ...counts, problems });
  const { images, patients, rows } = counts;
  printLine(`${colour("bold", "Images")}  ${images} of ${patients} patients in ${out}; the table has ${rows}`);
  printLine(`  ${counts.masks} with a mask; ${counts.kept} were there before`);
  printProblems(problems);
}

function windowOf(text: string): { centerHu: number; widthHu: number } {
  const [centerHu = Number.NaN, widthHu = Number.NaN, ...others] = text.split(",").map(numberOf);
  if (Number.isFinite(centerHu) && widthHu > 0 && Number.isFinite(widthHu) && others.length === 0)
    return { centerHu, widthHu };
  throw new VigilError("usage-invalid", `--window takes center and width in HU, such as 40,120; not "${text}"`);
}

function millimetres(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = numberOf(text);
  if (value > 0 && value <= 50) return value;
  throw new VigilError("usage-invalid", `${flag} takes millimetres, more than 0 and at most 50; not "${text}"`);
}

/** Not a number where there is none: Number("") would be 0. */
function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}
