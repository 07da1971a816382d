import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { VigilError } from "../errors.ts";
import type { Say } from "./debian.ts";
import { runCommand } from "./run-command.ts";

/** The prebuilt OHIF viewer, as its project publishes it on npm (MIT licence). */
const PACKAGE = "@ohif/app";
const VERSION = "3.13.2";
const INTEGRITY = "sha512-WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==";

/** Left out, 155 of 204 MB: source maps, onnxruntime-web (OHIF's own AI tools), the microscopy viewer. */
const LEFT_OUT = ["*.map", "package/dist/ort", "package/dist/dicom-microscopy-viewer"];
const COMPRESSED_TYPES = /\.(js|css|wasm|html|json|svg)$/;
const COMPRESSED_FROM_BYTES = 1024;

const STAMP = ".installed";
const STAMP_CONTENT = JSON.stringify({ package: PACKAGE, version: VERSION, integrity: INTEGRITY, layout: 1 });

/**
 * Puts the OHIF viewer into a folder of its own: fetched with npm, checked against a pinned SHA-512, unpacked, and
 * each file that is worth it accompanied by a `.gz` to be served instead. Does nothing when it is there already.
 * @throws VigilError setup-failed
 */
export async function installOhif(dir: string, log: Say): Promise<void> {
  const stamp = path.join(dir, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === STAMP_CONTENT) return;
  if (existsSync(dir) && !existsSync(stamp) && readdirSync(dir).length > 0) {
    throw new VigilError("setup-failed", `${dir} should hold the OHIF viewer, but holds something else: move it away`);
  }
  const parent = path.dirname(dir);
  mkdirSync(parent, { recursive: true });
  const work = mkdtempSync(path.join(parent, "ohif-setup-"));
  try {
    log(`fetching the OHIF viewer ${VERSION} (47 MB) …`);
    const tarball = await fetchPackage(work);
    log("unpacking and compressing the OHIF viewer …");
    const unpacked = path.join(work, "ohif");
    // -m: npm dates every file in 1985, so the caches of browsers would not see a new version.
    await runCommand("tar", ["-xzmf", tarball, "-C", work, ...LEFT_OUT.map((name) => `--exclude=${name}`)]);
    renameSync(path.join(work, "package", "dist"), unpacked);
    renameSync(path.join(work, "package", "LICENSE"), path.join(unpacked, "LICENSE"));
    await compressFiles(unpacked);
    writeFileSync(path.join(unpacked, STAMP), STAMP_CONTENT);
    rmSync(dir, { recursive: true, force: true });
    renameSync(unpacked, dir);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function fetchPackage(dir: string): Promise<string> {
  const args = ["pack", `${PACKAGE}@${VERSION}`, "--pack-destination", dir, "--silent"];
  // `npm run` tells which npm it is; it runs under this same Node.
  const npmFile = process.env.npm_execpath;
  if (npmFile?.endsWith(".js")) await runCommand(process.execPath, [npmFile, ...args]);
  else await runCommand("npm", args);
  const name = readdirSync(dir).find((file) => file.endsWith(".tgz"));
  if (name === undefined) throw new VigilError("setup-failed", `npm pack ${PACKAGE}@${VERSION} left no file`);
  const file = path.join(dir, name);
  const found = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
  if (found !== INTEGRITY) {
    throw new VigilError(
      "setup-failed",
      `${PACKAGE}@${VERSION} is not what it should be: expected ${INTEGRITY}, got ${found}. Check the npm registry in use.`,
    );
  }
  return file;
}

async function compressFiles(dir: string): Promise<void> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && COMPRESSED_TYPES.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
  await Promise.all(
    files.map(async (file) => {
      const content = readFileSync(file);
      if (content.length < COMPRESSED_FROM_BYTES) return;
      writeFileSync(`${file}.gz`, await promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }));
    }),
  );
}
