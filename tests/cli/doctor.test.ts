import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { z } from "zod";
import { configSchema } from "../../src/config.ts";
import { Pacs } from "../../src/dicomweb/pacs.ts";
import { PROJECT_DIR } from "../../src/installation.ts";
import { type RunningOrthanc, startOrthanc } from "../../src/setup/orthanc.ts";
import { runEntry, startInTerminal } from "../support/command.ts";
import { bleedingHeadStudy, filesOf } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { waitUntil } from "../support/wait.ts";

const answerSchema = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), advice: z.string() })),
  service: z
    .object({
      url: z.url(),
      pid: z.int(),
      studies: z.int(),
      queue: z.object({ waiting: z.int(), active: z.int() }),
      model: z.object({ name: z.string(), version: z.string() }),
      provider: z.string(),
    })
    .nullable(),
});

const NOBODY = "http://127.0.0.1:65530/dicom-web";

async function doctor(data: string, ...args: string[]) {
  const run = await runEntry("src/cli.ts", ["doctor", "--json", "--port", "0", "--data", data, ...args]);
  const answer = answerSchema.parse(JSON.parse(run.stdout));
  return { ...answer, code: run.code, check: (name: string) => answer.checks.find((it) => it.name === name) };
}

describe("vigil doctor, and vigil serve at a terminal", () => {
  const dir = temporaryFolder();
  const data = path.join(dir, "data");
  const serviceFile = path.join(data, "service.json");
  const study = bleedingHeadStudy("Gruber");
  let orthanc: RunningOrthanc;
  let service: ReturnType<typeof startInTerminal>;

  before(async () => {
    orthanc = await startOrthanc({ dir: path.join(dir, "orthanc"), stableAgeS: 1 });
    const args = ["serve", "--port", "0", "--data", data, "--pacs", orthanc.dicomweb, "--orthanc", orthanc.url];
    service = startInTerminal("src/cli.ts", args, 80);
    await waitUntil("the service to be ready", async () => service.screen().includes("Ctrl-C"), { timeoutMs: 60_000 });
  });
  after(() => orthanc.stop());

  test("serve says what it is and where, for people and not as JSON", () => {
    const screen = service.screen();
    for (const line of [
      /^Vigil \d.* not a medical device$/m,
      /^ {2}Viewer +http:\/\/127\.0\.0\.1:\d+/m,
      /^ {2}API +http.*\/api\/openapi\.json$/m,
      /^ {2}Model +ich-lite \S+ on cpu$/m,
      /Ctrl-C stops/,
    ]) {
      assert.match(screen, line);
    }
    assert.ok(screen.includes(`pacs at ${orthanc.dicomweb}`) && screen.includes(data));
    assert.doesNotMatch(screen, /[{}]/);
  });

  test("serve tells of a study in one line, with its verdict and without a name", async () => {
    const [pacs] = configSchema.parse({ pacs: [{ dicomweb: orthanc.dicomweb }] }).pacs;
    await new Pacs(pacs!).store(filesOf(study));
    const isTold = async () => service.screen().includes("▲ Critical");
    await waitUntil("the verdict", isTold, { timeoutMs: 60_000, seen: service.screen });
    const screen = service.screen();
    assert.match(screen, /^\d\d:\d\d:\d\d {2}▲ Critical +>99 {2}2\.25\.\d+…\d+$/m);
    assert.doesNotMatch(screen, /gruber/i);
    assert.deepEqual(
      screen.split("\n").filter((line) => line.length > 80),
      [],
    );
  });

  test("doctor asks the service that runs, and says how it is", async () => {
    const { ok, code, service: found, check } = await doctor(data, "--pacs", orthanc.dicomweb);
    assert.deepEqual([ok, code], [true, 0]);
    assert.deepEqual([found?.studies, found?.queue], [1, { waiting: 0, active: 0 }]);
    assert.deepEqual([found?.provider, found?.model.name], ["cpu", "ich-lite"]);
    assert.ok(service.screen().includes(found!.url));
    assert.match(check("service")!.detail, /running at http.*: 1 study, 0 waiting, 0 being scored, ich-lite/);
    assert.equal(check("database")?.ok, true);
    assert.equal(statSync(serviceFile).mode & 0o077, 0);
  });

  test("doctor says so when the service has lost its PACS", async () => {
    await orthanc.stop();
    const { ok, code, service: found, check } = await doctor(data);
    assert.deepEqual([ok, code, check("pacs")?.ok, check("database")?.ok], [false, 1, false, true]);
    assert.ok(found !== null && check("pacs")!.advice !== "");
    assert.match(service.screen(), /! .*Is the PACS\s+running\?/);
  });

  test("a service that is told to stop says so, ends well, and is found no more", async () => {
    service.type("\u0003");
    assert.equal(await service.ended, 0);
    assert.match(service.screen(), /stopping.*\n+stopped$/m);
    assert.equal(existsSync(serviceFile), false);
    assert.equal((await doctor(data)).service, null);
  });

  test("doctor is not deceived by what a killed service left behind", async () => {
    const gone = { pid: 2 ** 22 - 1, url: "http://127.0.0.1:9", startedAt: new Date().toISOString() };
    for (const left of [
      JSON.stringify(gone),
      JSON.stringify({ ...gone, pid: process.pid }),
      "{",
      '{"url":"file:///"}',
    ]) {
      writeFileSync(serviceFile, left);
      const { service: found, check } = await doctor(data);
      assert.deepEqual([found, check("database")?.ok], [null, true], `${left}: ${check("database")?.detail}`);
    }
  });

  test("doctor's advice fits what is wrong", async () => {
    const none = await doctor(data);
    assert.match(none.check("pacs")!.advice, /--pacs URL/);
    const nobody = await doctor(data, "--pacs", NOBODY, "--model", "no-such-model");
    assert.match(nobody.check("pacs")!.advice, /^start the PACS/);
    assert.match(nobody.check("model")!.detail, /known: ich-lite@/);
    const open = await doctor(data, "--host", "0.0.0.0");
    assert.match(open.check("address")!.detail, /no sign-in/);
  });
});

describe("vigil serve away from a terminal", () => {
  test("prints one line of JSON on stdout, and nothing but JSON on stderr", async () => {
    const args = ["src/cli.ts", "serve", "--role", "worker", "--data", temporaryFolder()];
    const child = spawn(process.execPath, args, { cwd: PROJECT_DIR, stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise((resolve) => child.once("close", resolve));
    let [stdout, stderr] = ["", ""];
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      child.kill("SIGTERM");
    });
    assert.equal(await ended, 0, stderr);
    const [line, ...rest] = stdout.trimEnd().split("\n");
    assert.deepEqual([JSON.parse(line!).ready, rest], [true, []]);
    for (const log of stderr.trimEnd().split("\n")) assert.equal(typeof JSON.parse(log).msg, "string");
  });
});
