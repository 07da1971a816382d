import { rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type RunningVigil, startVigil } from "../app.ts";
import { printJson } from "../cli/print.ts";
import { loadConfig } from "../config.ts";
import { Pacs } from "../dicomweb/pacs.ts";
import { toVigilError } from "../errors.ts";
import { CACHE_DIR } from "../installation.ts";
import { createLogger } from "../log.ts";
import { type RunningOrthanc, startOrthanc } from "../setup/orthanc.ts";
import { freePort } from "../setup/ports.ts";
import { prepare } from "../setup/prepare.ts";
import { DEMO_TOOLS } from "../setup/tools.ts";
import { tellAddresses } from "./addresses.ts";
import { Courier } from "./courier.ts";
import { DEMO_HELP, demoOptions } from "./options.ts";
import { ownStudies } from "./own-studies.ts";
import { demoStudies } from "./studies.ts";
import { watchStudies } from "./watch.ts";

/** `npm run demo`: the whole mission on this machine, with an Orthanc and a Vigil of its own. */

/** Twice and more of what lies between two images of a study that is still arriving, on a busy machine too. */
const STABLE_AGE_S = 2;
const say = (line: string) => process.stderr.write(`vigil: ${line}\n`);

async function demo(args: string[]): Promise<number> {
  const options = demoOptions(args);
  if (options.help) {
    process.stdout.write(DEMO_HELP);
    return 0;
  }
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => interrupted.abort());

  await prepare(DEMO_TOOLS, say);
  const own = await ownStudies(options.dicom, say);
  const made = await demoStudies({ phantom: options.phantom, cacheDir: path.join(CACHE_DIR, "demo"), log: say });
  const runDir = path.join(CACHE_DIR, "demo", `run-${process.pid}`);
  let orthanc: RunningOrthanc | undefined;
  let vigil: RunningVigil | undefined;
  let courier: Courier | undefined;
  try {
    say("starting Orthanc and Vigil …");
    const secret = crypto.randomUUID();
    const port = await freePort();
    const hook = { url: `http://127.0.0.1:${port}/api/hooks/orthanc`, secret };
    orthanc = await startOrthanc({ dir: path.join(runDir, "orthanc"), stableAgeS: STABLE_AGE_S, hook });
    const config = loadConfig(
      { data: path.join(runDir, "vigil"), port: String(port), pacs: orthanc.dicomweb, orthanc: orthanc.url },
      { VIGIL_HOOK_SECRET: secret },
      runDir,
    );
    config.triage.stableS = STABLE_AGE_S;
    const logFile = path.join(runDir, "vigil.log");
    vigil = await startVigil({ config, role: "all", logger: createLogger("info", { dest: logFile }) });
    tellAddresses(vigil.url, orthanc, logFile);
    const pacs = new Pacs(config.pacs[0]!);
    courier = new Courier(pacs, orthanc.url);
    const { signal } = interrupted;
    const outcome = await watchStudies([...made, ...own], { vigilUrl: vigil.url, pacs, courier, signal });
    for (const problem of outcome.problems) say(problem);
    if (options.json) printJson({ studies: outcome.studies, url: vigil.url });
    if (!options.exit && !signal.aborted) {
      say(`open ${vigil.url} in a browser; Ctrl-C ends the demo`);
      await delay(2 ** 31 - 1, undefined, { signal }).catch(() => {});
    }
    return outcome.problems.length === 0 ? 0 : 1;
  } finally {
    say("stopping …");
    await courier?.stop();
    await vigil?.stop();
    await orthanc?.discard();
    rmSync(runDir, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await demo(process.argv.slice(2));
} catch (error) {
  const known = toVigilError(error);
  say(`${known.message} [${known.code}]`);
  process.exitCode = known.code === "usage-invalid" ? 2 : 1;
}
