import { startVigil } from "../app.ts";
import { loadConfig } from "../config.ts";
import { createLogger } from "../log.ts";
import type { GlobalOptions } from "./options.ts";
import { printJson } from "./print.ts";

/** `vigil serve`: runs until SIGINT or SIGTERM; a second signal ends it at once. */
export async function serve(options: GlobalOptions & { role: "all" | "api" | "worker" }): Promise<void> {
  const config = loadConfig(options);
  const logger = createLogger(config.log.level);
  const vigil = await startVigil({ config, role: options.role, logger });
  printJson(vigil.ready);
  const signal = await new Promise<string>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  logger.info({ signal }, "stopping");
  await vigil.stop();
}
