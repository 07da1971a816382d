import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { constants, gzipSync } from "node:zlib";
import { build, type Metafile, type Plugin, stop, transform } from "esbuild";

const here = import.meta.dirname;

/**
 * Bundles the extension and the mode into one ES module each, which OHIF imports at run time.
 * Each file is accompanied by a `.gz` to be served instead. Takes well under a second; the output is complete when the
 * promise resolves.
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
  compressFiles(outdir);
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

function compressFiles(dir: string): void {
  for (const name of readdirSync(dir).filter((file) => /\.(js|map)$/.test(file))) {
    const content = readFileSync(path.join(dir, name));
    writeFileSync(path.join(dir, `${name}.gz`), gzipSync(content, { level: constants.Z_BEST_COMPRESSION }));
  }
}

if (import.meta.main) await buildExtension();
