import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { constants, gzipSync } from "node:zlib";
import { build, type Metafile, type Plugin, stop, transform } from "esbuild";

const here = import.meta.dirname;

/**
 * Bundles the extension and the mode as ES modules, which OHIF imports at run time: an entry each, chunks that they
 * share, and chunks that are loaded when they are wanted (whatever is imported with `import()`). Each file is
 * accompanied by a `.gz` to be served instead. Takes well under a second; the output is complete when the promise
 * resolves.
 * @returns what went into the bundles
 */
export async function buildExtension(outdir = path.join(here, "dist")): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: {
      extension: path.join(here, "src", "extension.tsx"),
      mode: path.join(here, "src", "mode.ts"),
    },
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    sourcemap: true,
    format: "esm",
    target: "es2022",
    jsx: "transform",
    // A bare name that the minifier can shorten: there are hundreds of them.
    jsxFactory: "createElement",
    jsxFragment: "Fragment",
    inject: [path.join(here, "src", "jsx.ts")],
    charset: "utf8",
    plugins: [cssAsText],
    // A second copy of React would break hooks: ours is the one that OHIF runs on.
    alias: { react: path.join(here, "src", "host-react.ts") },
    metafile: true,
    logLevel: "warning",
  });
  // esbuild works in a process of its own, which would stay.
  await stop();
  const names = Object.keys(metafile.outputs).map((file) => path.basename(file));
  compressFiles(outdir, names);
  removeOtherFiles(outdir, names);
  return metafile;
}

/** A style sheet as a string without its white space: as text the bundler would take it over as it is. */
const cssAsText: Plugin = {
  name: "css-as-text",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path: file }) => {
      const { code } = await transform(readFileSync(file, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

function compressFiles(dir: string, names: string[]): void {
  for (const name of names) {
    const content = readFileSync(path.join(dir, name));
    writeFileSync(path.join(dir, `${name}.gz`), gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
  }
}

/** Chunks of an earlier build: their names change with their content. */
function removeOtherFiles(dir: string, names: string[]): void {
  const kept = new Set(names.flatMap((name) => [name, `${name}.gz`]));
  for (const name of readdirSync(dir)) if (!kept.has(name)) rmSync(path.join(dir, name), { force: true });
}

if (import.meta.main) await buildExtension();
