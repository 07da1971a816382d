import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { PROJECT_DIR } from "./installation.ts";

/** Vigil's own version, as package.json has it. */
export const VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(path.join(PROJECT_DIR, "package.json"), "utf8"))).version;
