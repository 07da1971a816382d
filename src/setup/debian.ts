import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { VigilError } from "../errors.ts";
import { runCommand } from "./run-command.ts";

export type Say = (line: string) => void;

/** Keeps a freshly installed package from starting its service (Debian policy 9.3.3.1); only while we install. */
const POLICY_FILE = "/usr/sbin/policy-rc.d";
const POLICY = "#!/bin/sh\n# Put here by Vigil's set-up while it installs packages, and removed again.\nexit 101\n";

/** How packages can be installed here: as root, through sudo, or not at all. */
function privilege(): string[] | undefined {
  if (!existsSync("/usr/bin/apt-get")) return undefined;
  if (process.getuid?.() === 0) return [];
  if (!existsSync("/usr/bin/sudo")) return undefined;
  // With a terminal sudo may ask for a password; without one it must work as it is.
  const asks = process.stdin.isTTY && process.stderr.isTTY;
  return asks || spawnSync("sudo", ["-n", "true"]).status === 0 ? ["sudo"] : undefined;
}

export function canInstallPackages(): boolean {
  return privilege() !== undefined;
}

/**
 * Installs Debian packages, saying which. Services that come with them neither start now nor at the next boot:
 * Vigil starts what it needs itself. Services that were there before are left alone.
 * @throws VigilError setup-failed with the command to run by hand
 */
export async function installPackages(packages: string[], services: string[], say: Say): Promise<void> {
  const prefix = privilege();
  const byHand = `apt-get install ${packages.join(" ")}`;
  if (prefix === undefined) {
    throw new VigilError(
      "setup-failed",
      `these Debian packages are missing and cannot be installed from here: ${byHand}`,
    );
  }
  say(`installing Debian packages: ${packages.join(", ")} …`);
  const newServices = services.filter((service) => !hasService(service));
  const policyIsOurs = newServices.length > 0 && !existsSync(POLICY_FILE);
  if (policyIsOurs) await placePolicy(prefix);
  try {
    const install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", ...packages];
    const withoutQuestions = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive"];
    await run([...withoutQuestions, ...install]).catch(async () => {
      // The package index may be missing or old: renew it, and try once more.
      await run([...withoutQuestions, "apt-get", "update", "-qq"]);
      await run([...withoutQuestions, ...install]);
    });
  } catch (cause) {
    throw new VigilError("setup-failed", `${byHand} failed: ${(cause as Error).message}`, { cause });
  } finally {
    if (policyIsOurs) await run([...prefix, "rm", "-f", POLICY_FILE]);
  }
  for (const service of newServices) {
    if (!hasService(service) || !existsSync("/usr/bin/systemctl")) continue;
    await run([...prefix, "systemctl", "disable", service]).catch((error) => {
      say(`${service} may start at the next boot: ${error.message}`);
    });
  }
}

function hasService(service: string): boolean {
  return [`/etc/init.d/${service}`, `/lib/systemd/system/${service}.service`].some((file) => existsSync(file));
}

async function placePolicy(prefix: string[]): Promise<void> {
  const draft = path.join(os.tmpdir(), `vigil-policy-rc.d-${process.pid}`);
  writeFileSync(draft, POLICY, { mode: 0o755 });
  await run([...prefix, "install", "-m", "755", draft, POLICY_FILE]);
  rmSync(draft);
}

function run([program, ...args]: string[]): Promise<void> {
  return runCommand(program!, args);
}
