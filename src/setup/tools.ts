import { existsSync, globSync } from "node:fs";
import path from "node:path";
import { canInstallPackages, installPackages, type Say } from "./debian.ts";
import { findOrthancImage, findOrthancProgram } from "./orthanc.ts";

/** A program from outside npm, and the Debian packages that bring it. */
interface Tool {
  purpose: string;
  isThere(): boolean;
  packages: string[];
  /** Services that the packages would start; see installPackages. */
  services: string[];
}

const onPath = (program: string) =>
  [...(process.env.PATH ?? "").split(path.delimiter), "/usr/sbin"].some((dir) => existsSync(path.join(dir, program)));

const TOOLS = {
  orthanc: {
    purpose: "the PACS",
    // A container will do where packages cannot be installed.
    isThere: () => findOrthancProgram() !== undefined || (!canInstallPackages() && findOrthancImage() !== undefined),
    packages: ["orthanc", "orthanc-dicomweb"],
    services: ["orthanc"],
  },
  chromium: {
    purpose: "drives the viewer in tests",
    isThere: () => onPath("chromium"),
    packages: ["chromium"],
    services: [],
  },
  dcmtk: { purpose: "prints structured reports", isThere: () => onPath("dsrdump"), packages: ["dcmtk"], services: [] },
  gdcm: {
    purpose: "compresses images for tests, and shows that Orthanc is not asked to decode them",
    isThere: () => onPath("gdcmconv") && existsSync("/usr/share/orthanc/plugins/libOrthancGdcm.so"),
    packages: ["libgdcm-tools", "orthanc-gdcm"],
    services: ["orthanc"],
  },
  dicom3tools: {
    purpose: "checks DICOM objects",
    isThere: () => onPath("dciodvfy"),
    packages: ["dicom3tools"],
    services: [],
  },
  pixelmed: {
    purpose: "checks structured reports against their templates",
    isThere: () => existsSync("/usr/share/java/pixelmed.jar") && onPath("java"),
    packages: ["pixelmed-apps", "default-jre-headless"],
    services: [],
  },
  pytorch: {
    purpose: "judges our training, and reads prepared data sets, in the tests",
    isThere: () => ["torch", "torchvision"].every((it) => existsSync(`/usr/lib/python3/dist-packages/${it}`)),
    packages: ["python3-torch", "python3-torchvision"],
    services: [],
  },
  compiler: { purpose: "builds what training needs", isThere: () => onPath("g++"), packages: ["g++"], services: [] },
  venv: {
    purpose: "holds the TensorFlow that training needs",
    isThere: () => globSync("/usr/lib/python3*/ensurepip").length > 0,
    packages: ["python3-venv"],
    services: [],
  },
  postgresql: {
    purpose: "the database of larger installations",
    isThere: () => globSync("/usr/lib/postgresql/*/bin/initdb").length > 0,
    packages: ["postgresql"],
    services: ["postgresql"],
  },
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;

/** What a set-up for the demo, and one for the tests, needs. */
export const DEMO_TOOLS: ToolName[] = ["orthanc"];
export const TEST_TOOLS = Object.keys(TOOLS) as ToolName[];

function missingTools(names: ToolName[]): ToolName[] {
  return names.filter((name) => !TOOLS[name].isThere());
}

/**
 * Installs those of the named tools that are missing.
 * @throws VigilError setup-failed
 */
export async function ensureTools(names: ToolName[], say: Say): Promise<void> {
  const missing = missingTools(names);
  if (missing.length === 0) return;
  for (const name of missing) say(`${name} is missing (${TOOLS[name].purpose})`);
  const packages = missing.flatMap((name) => TOOLS[name].packages);
  const services = missing.flatMap((name) => TOOLS[name].services as string[]);
  await installPackages(packages, services, say);
}
