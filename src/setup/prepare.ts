import { buildExtension } from "../../ohif-extension/build.ts";
import { OHIF_DIR } from "../installation.ts";
import type { Say } from "./debian.ts";
import { installOhif } from "./ohif.ts";
import { ensureTools, type ToolName } from "./tools.ts";

/**
 * Makes the machine ready: programs from outside npm, the OHIF viewer, and our extension for it. What is there
 * already is left as it is, so a second call takes no time.
 * @throws VigilError setup-failed
 */
export async function prepare(tools: ToolName[], say: Say): Promise<void> {
  await ensureTools(tools, say);
  await installOhif(OHIF_DIR, say);
  await buildExtension();
}
