import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/** DICOM's independent judges: dicom3tools, PixelMed and DCMTK. Each fails loudly when its program is missing. */

const PIXELMED_JAR = "/usr/share/java/pixelmed.jar";
const TIMEOUT_MS = 5 * 60_000;

function run(program: string, args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    timeout: TIMEOUT_MS,
    maxBuffer: 64 * 2 ** 20,
  });
  if (error !== undefined) throw new Error(`${program} cannot be run (${error.message}): try \`npm run setup\``);
  return { status, output: stdout + stderr };
}

/** The error lines of dciodvfy, which checks an object against the definition of its SOP class. */
export function iodErrors(file: string): string[] {
  const { output } = run("dciodvfy", [file]);
  // It names what it took the file for; without that line it did not understand it at all.
  if (!/^\w+$/m.test(output)) throw new Error(`dciodvfy did not recognise ${file}:\n${output}`);
  return output.split("\n").filter((line) => line.startsWith("Error"));
}

/** The same, but for what a report of images with UIDs that are none must say of them. */
export function errorsBesideUids(file: string): string[] {
  return iodErrors(file).filter(
    (line) => !/Illegal root for UID - "ID_|= <ID_\w+>|invalid data values for Value Repr/.test(line),
  );
}

/** What PixelMed's DicomSRValidator says of each file: IOD and template, errors and warnings. */
export function templateProblems(files: string[]): Map<string, { errors: string[]; warnings: string[] }> {
  if (!existsSync(PIXELMED_JAR)) throw new Error(`${PIXELMED_JAR} is missing: try \`npm run setup\``);
  // Java 17 limits XPath expressions to fewer operators than the validator's style sheets have.
  const limits = ["xpathTotalOpLimit", "xpathExprOpLimit", "xpathExprGrpLimit"].map((limit) => `-Djdk.xml.${limit}=0`);
  const source = path.join(import.meta.dirname, "ValidateReports.java");
  const { status, output } = run("java", [...limits, "-cp", PIXELMED_JAR, source, ...files]);
  if (status !== 0) throw new Error(`DicomSRValidator failed:\n${output}`);
  const problems = new Map<string, { errors: string[]; warnings: string[] }>();
  for (const part of output.split("=== ").slice(1)) {
    const [file, ...lines] = part.split("\n");
    // Without these lines it has not checked what we mean it to check.
    for (const line of ["Found Root Template TID_1500 (MeasurementReport)", "IOD validation complete"]) {
      if (!lines.includes(line)) throw new Error(`DicomSRValidator did not say "${line}":\n${part}`);
    }
    problems.set(file!, {
      errors: lines.filter((line) => line.includes("Error")),
      warnings: lines.filter((line) => line.includes("Warning")),
    });
  }
  return problems;
}

/** The content tree of a report as DCMTK prints it; `-Ev` lets it read a report that refers to UIDs that are none. */
export function printedReport(file: string, ...options: string[]): string {
  const { status, output } = run("dsrdump", ["+Pc", ...options, file]);
  if (status !== 0) throw new Error(`dsrdump cannot print ${file}:\n${output}`);
  return output;
}
