import path from "node:path";
import { build, stop } from "esbuild";

const here = import.meta.dirname;

/**
 * Bundles the extension and the mode into one ES module each, which OHIF imports at run time.
 * Takes well under a second; the output is complete when the promise resolves.
 */
export async function buildExtension(): Promise<void> {
  await build({
    entryPoints: {
      extension: path.join(here, "src", "extension.tsx"),
      mode: path.join(here, "src", "mode.ts"),
    },
    outdir: path.join(here, "dist"),
    bundle: true,
    minify: true,
    sourcemap: true,
    format: "esm",
    target: "es2022",
    jsx: "transform",
    loader: { ".css": "text" },
    // A second copy of React would break hooks: ours is the one that OHIF runs on.
    alias: { react: path.join(here, "src", "host-react.ts") },
    logLevel: "warning",
  });
  // esbuild works in a process of its own, which would stay.
  await stop();
}

if (import.meta.main) await buildExtension();
