import path from "node:path";

/** Where this installation of Vigil keeps what belongs to the program, not to a hospital's data. */

export const PROJECT_DIR = path.resolve(import.meta.dirname, "..");

/** What set-up fetches once: Node, the OHIF viewer, the demo's images. Safe to delete. */
export const CACHE_DIR = path.join(PROJECT_DIR, ".vigil");

/** The OHIF viewer, unpacked. */
export const OHIF_DIR = path.join(CACHE_DIR, "ohif");

/** What `npm run setup:training` installs: TensorFlow, and what connects it to Node. */
export const TRAINING_DIR = path.join(CACHE_DIR, "training");

/** Our viewer extension and mode, as the browser loads them. */
export const EXTENSION_DIST_DIR = path.join(PROJECT_DIR, "ohif-extension", "dist");

/** Where model packages lie: the user's own first, then the ones that come with Vigil. */
export function modelRoots(dataDir: string): string[] {
  return [path.join(dataDir, "models"), path.join(PROJECT_DIR, "models")];
}
