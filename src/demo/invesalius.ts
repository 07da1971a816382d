import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { VigilError } from "../errors.ts";
import type { Bleed, HuVolume } from "../phantom/hu-volume.ts";
import { runCommand } from "../setup/run-command.ts";
import { parsePlist } from "./plist.ts";

/**
 * A real head CT: the cranium among the examples of InVesalius, which Debian and Ubuntu package (GPL-2, therefore
 * fetched and not part of this project). An adult with an old defect in one frontal lobe and no haemorrhage.
 */

const PACKAGE = "invesalius-examples";
const PROJECT_FILE = "usr/share/doc/invesalius-examples/examples/Cranium.inv3";
const COMMAND_TIMEOUT_MS = 2 * 60_000;

/** In the basal ganglia of the left hemisphere, where high blood pressure makes most heads bleed. */
export const CRANIUM_BLEED: Bleed = { centre: [162, 118, 56], halfAxes: [11, 15, 7.5], hu: 66 };

const projectSchema = z.object({
  matrix: z.object({
    dtype: z.literal("int16"),
    filename: z.literal("matrix.dat"),
    shape: z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]),
  }),
  spacing: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]),
});

/**
 * Reads the head from the cache, fetching it through apt the first time; nothing is installed and no root needed.
 * @throws VigilError setup-failed
 */
export async function craniumVolume(cacheDir: string): Promise<HuVolume> {
  const dir = path.join(cacheDir, "cranium");
  if (!existsSync(path.join(dir, "matrix.dat"))) await fetchCranium(cacheDir, dir);
  try {
    const project = projectSchema.parse(parsePlist(readFileSync(path.join(dir, "main.plist"), "utf8")));
    return toVolume(project, readFileSync(path.join(dir, "matrix.dat")));
  } catch (cause) {
    throw new VigilError("setup-failed", `${dir} does not hold the head that was expected: delete it and try again`, {
      cause,
    });
  }
}

async function fetchCranium(cacheDir: string, dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const workDir = mkdtempSync(path.join(cacheDir, "fetch-"));
  const options = { cwd: workDir, timeoutMs: COMMAND_TIMEOUT_MS };
  try {
    await runCommand("apt-get", ["download", "-qq", PACKAGE], options).catch((error: VigilError) => {
      if (error.cause !== undefined) throw error;
      // It ran, and did not find the package.
      throw new VigilError("setup-failed", `${error.message}; perhaps \`apt-get update\` helps`, { cause: error });
    });
    const [archive] = globSync("*.deb", { cwd: workDir });
    await runCommand("dpkg-deb", ["--extract", archive!, "."], options);
    await runCommand(
      "tar",
      ["-xzf", PROJECT_FILE, "--strip-components=1", "--wildcards", "*/main.plist", "*/matrix.dat"],
      options,
    );
    // matrix.dat comes last: where it is, all is.
    for (const file of ["main.plist", "matrix.dat"]) renameSync(path.join(workDir, file), path.join(dir, file));
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

/** InVesalius keeps rows from the back of the head to its front; columns and slices run as ours do. */
function toVolume(project: z.infer<typeof projectSchema>, matrix: Buffer): HuVolume {
  const [slices, rows, columns] = project.matrix.shape;
  const [columnSpacingMm, rowSpacingMm, sliceSpacingMm] = project.spacing;
  if (matrix.length !== slices * rows * columns * 2) throw new RangeError("matrix.dat is too short or too long");
  if (columnSpacingMm !== rowSpacingMm) throw new RangeError("the pixels are not square");
  const hu = new Int16Array(slices * rows * columns);
  const stored = new Int16Array(new Uint8Array(matrix).buffer);
  for (let z = 0; z < slices; z++) {
    for (let y = 0; y < rows; y++) {
      const from = (z * rows + (rows - 1 - y)) * columns;
      hu.set(stored.subarray(from, from + columns), (z * rows + y) * columns);
    }
  }
  return { columns, rows, slices, hu, pixelSpacingMm: columnSpacingMm, sliceSpacingMm };
}
