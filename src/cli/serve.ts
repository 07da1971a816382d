import { type RunningVigil, startVigil } from "../app.ts";
import { type Config, loadConfig } from "../config.ts";
import { createLogger } from "../log.ts";
import type { GlobalOptions } from "./options.ts";
import { printJson } from "./print.ts";
import { leaveAddress, removeAddress } from "./running-service.ts";
import { ServiceScreen } from "./service-screen.ts";

/**
 * `vigil serve`: runs until SIGINT or SIGTERM; a second signal ends it at once. A person at a terminal is told what it is
 * and what arrives; a program gets one line of JSON on stdout and its log on stderr.
 */
export async function serve(options: GlobalOptions & { role: "all" | "api" | "worker" }): Promise<void> {
  const config = loadConfig(options);
  const { role } = options;
  const screen = process.stdout.isTTY && !options.json ? new ServiceScreen() : undefined;
  // A log that goes to a file stays what it is, whoever watches.
  const logger = createLogger(config.log.level, screen !== undefined && process.stderr.isTTY ? screen.log : { fd: 2 });
  screen?.starting();
  const vigil = await startVigil({ config, role, logger }).catch((error: unknown) => {
    screen?.clear();
    throw error;
  });
  const forget = await makeFindable(vigil, config).catch((error: unknown) => {
    logger.warn({ err: error }, "the address could not be left in the data folder: vigil doctor will not find it");
    return () => {};
  });
  // Before the line that tells others: who reads it may send one at once.
  const told = new Promise<string>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  if (screen === undefined) printJson(vigil.ready);
  else screen.show(vigil, config);
  logger.info({ signal: await told }, "stopping");
  screen?.stopping();
  forget();
  await vigil.stop();
  screen?.stopped();
}

/** A worker serves nothing that could be asked. */
async function makeFindable({ ready: { url } }: RunningVigil, { data }: Config): Promise<() => void> {
  if (url === null) return () => {};
  await leaveAddress(data.dir, url);
  return () => removeAddress(data.dir);
}
