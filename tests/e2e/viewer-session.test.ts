import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, type TestContext, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { buildExtension } from "../../ohif-extension/build.ts";
import { type RunningVigil, startVigil } from "../../src/app.ts";
import { configSchema } from "../../src/config.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { OHIF_DIR } from "../../src/installation.ts";
import { createLogger } from "../../src/log.ts";
import { installOhif } from "../../src/setup/ohif.ts";
import { collectProblems, startBrowser } from "../support/browser.ts";
import { TestPacs } from "../support/pacs.ts";
import { bleedingHeadStudy, filesOf, headStudy } from "../support/studies.ts";
import { ViewerPage } from "../support/viewer-page.ts";
import { waitUntil } from "../support/wait.ts";

/** A reader's morning with the real service: five flagged studies, read by keys. The tests follow each other. */

const NAME = "A. Miller";
const flagged = ["one", "two", "three", "four", "five"].map((key) => bleedingHeadStudy(`session ${key}`));
const others = [headStudy("session negative")];
const dataDir = mkdtempSync(path.join(tmpdir(), "vigil-session-test-"));
let pacs: TestPacs;
let vigil: RunningVigil;
let browser: Browser;
let viewer: ViewerPage;
let problems: string[];

before(async () => {
  await installOhif(OHIF_DIR, () => {});
  await buildExtension();
  pacs = await TestPacs.start();
  const config = configSchema.parse({
    pacs: [pacs.config()],
    data: { dir: dataDir },
    server: { port: 0 },
    triage: { stableS: 1 },
    log: { level: process.env.VIGIL_LOG_LEVEL ?? "silent" },
  });
  vigil = await startVigil({ config, role: "all", logger: createLogger(config.log.level) });
  await pacs.send([...flagged, ...others].flatMap(filesOf));
  for (const { studyInstanceUid } of [...flagged, ...others]) {
    const isReported = async () => (await study(studyInstanceUid)).state === "reported";
    await waitUntil(`study ${studyInstanceUid}`, isReported, { timeoutMs: 120_000 });
  }
  browser = await startBrowser();
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  problems = collectProblems(page);
  viewer = new ViewerPage(page, vigil.url);
});

after(async () => {
  await browser?.close();
  await vigil?.stop();
  await pacs?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function study(studyInstanceUid: string): Promise<StudyResource> {
  return (await (await fetch(`${vigil.url}/api/studies/${studyInstanceUid}`)).json()) as StudyResource;
}

function openedUid(): string | null {
  return new URL(viewer.page.url()).searchParams.get("StudyInstanceUIDs");
}

const part = (page: Page, name: string) => page.locator(`[data-cy=vigil-${name}]`);

test("five flagged studies are read by keys alone, from the list and back to it", async () => {
  const { keyboard } = viewer.page;
  await viewer.openList();
  await viewer.rowsWhen((rows) => rows.filter((row) => row.includes("Critical")).length === flagged.length);
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  const seen = new Set<string>();
  for (let nth = 1; nth <= flagged.length; nth++) {
    await viewer.until(async () => !seen.has(openedUid() ?? [...seen][0] ?? ""), `study ${nth} of the session`);
    await viewer.waitForImage();
    const uid = openedUid()!;
    seen.add(uid);
    await viewer.page.locator(`[data-cy=vigil-study][data-study="${uid}"]`).waitFor();
    const { findings } = await study(uid);
    const overall = findings.find(({ label }) => label === "any")!;
    await viewer.waitForSlice(overall.keySlices[0]!.sopInstanceUid);
    await keyboard.press("n");
    await keyboard.press("h");
    await viewer.until(async () => (await viewer.colouredPixels()) > 100, "the heat map");
    await keyboard.press("h");
    await keyboard.press("2");
    await viewer.until(async () => (await viewer.window()) === "-25 to 174 HU", "the subdural window");
    await keyboard.press("a");
    if (nth === 1) {
      await part(viewer.page, "name").waitFor();
      await keyboard.type(NAME);
      await keyboard.press("Enter");
    }
    await viewer.page.locator("[data-cy=vigil-there-any][aria-pressed=true]").waitFor();
    const readers = (await study(uid)).feedback.map(({ decision, reader }) => `${decision} ${reader}`);
    assert.deepEqual(readers, [`accept ${NAME}`]);
    if (nth < flagged.length) await keyboard.press("w");
  }
  assert.deepEqual([...seen].sort(), flagged.map(({ studyInstanceUid }) => studyInstanceUid).sort());
  await keyboard.press("w");
  await viewer.page.getByText("No other study needs attention").waitFor();
  await keyboard.press("q");
  await viewer.rowsWhen((rows) => rows.filter((row) => row.includes(NAME)).length === flagged.length);
});

describe("a second reader", () => {
  let second: ViewerPage;
  const { studyInstanceUid } = flagged[0]!;

  before(async () => {
    const context = await browser.newContext({ viewport: { width: 1600, height: 900 } });
    await context.addInitScript(() => localStorage.setItem("vigilReader", "B. Stone"));
    second = new ViewerPage(await context.newPage(), vigil.url);
  });

  test("sees who has the study open, and may read it", async () => {
    await viewer.openStudy(studyInstanceUid);
    await second.openStudy(studyInstanceUid);
    await part(second.page, "being-read").getByText(`Being read by ${NAME}`).waitFor();
    assert.ok(await part(second.page, "there-any").isEnabled());
    await second.screenshot("panel-second-reader-1600");
  });

  test("sees at once what is said on the other page, of each kind too, and when it is taken back", async () => {
    const said = part(second.page, "said");
    await said.getByText(`${NAME} agrees`).waitFor();
    await part(viewer.page, "there-subdural").click();
    await said.getByText(`${NAME}: Subdural is there`).waitFor();
    await part(viewer.page, "there-subdural").click();
    await part(second.page, "not-there-any").click();
    await part(viewer.page, "said").getByText("B. Stone: Any haemorrhage is not there").waitFor();
    await viewer.page.locator(".cornerstone-viewport-element").first().hover();
    await viewer.page.keyboard.press("z");
    await said.getByText("Subdural is there").waitFor({ state: "hidden" });
    const { feedback } = await study(studyInstanceUid);
    assert.deepEqual(
      feedback.map(({ label, reader, withdrawnAt }) => [label, reader, withdrawnAt !== null]),
      [
        ["any", NAME, false],
        ["subdural", NAME, true],
        ["any", "B. Stone", false],
      ],
    );
  });

  test("adds a comment, and says that the whole study is negative", async () => {
    await part(second.page, "comment").fill("calcified plexus");
    await second.page.keyboard.press("Enter");
    await part(viewer.page, "said").getByText("“calcified plexus”").waitFor();
    await part(viewer.page, "there-epidural").click();
    await part(second.page, "said").getByText(`${NAME}: Epidural is there`).waitFor();
    await part(viewer.page, "whole-negative").click();
    await part(second.page, "said").getByText(`${NAME}: Any haemorrhage is not there`).waitFor();
    await part(second.page, "said").getByText("Epidural").waitFor({ state: "hidden" });
    await second.screenshot("panel-answers-1600");
  });

  test("is no longer told of somebody who has left", async () => {
    await viewer.page.keyboard.press("q");
    await part(second.page, "being-read").waitFor({ state: "hidden" });
    await second.page.context().close();
  });
});

/** Bit per second over eight: what the browser's own emulation takes. */
const TEN_MBIT = { offline: false, latency: 20, downloadThroughput: 1_250_000, uploadThroughput: 1_250_000 };

async function timeToFirstImage(page: Page, open: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await open();
  await Promise.all([part(page, "verdict").waitFor(), new ViewerPage(page, vigil.url).waitForDrawn()]);
  return performance.now() - began;
}

test("the first image and the findings are there soon: cold over 10 Mbit/s, warm, and from the list", async (t: TestContext) => {
  const context = await browser.newContext({ viewport: { width: 1600, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", TEN_MBIT);
  const url = `${vigil.url}/vigil?StudyInstanceUIDs=${flagged[1]!.studyInstanceUid}`;
  const coldMs = await timeToFirstImage(page, () => page.goto(url, { waitUntil: "commit" }));
  await session.send("Network.emulateNetworkConditions", {
    ...TEN_MBIT,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  const warmMs = await timeToFirstImage(page, () => page.goto(url, { waitUntil: "commit" }));
  const list = new ViewerPage(page, vigil.url);
  await list.openList();
  await page.keyboard.press("ArrowDown");
  const fromListMs = await timeToFirstImage(page, () => page.keyboard.press("Enter"));
  t.diagnostic(
    `first image: cold ${coldMs.toFixed()} ms, warm ${warmMs.toFixed()} ms, from the list ${fromListMs.toFixed()} ms`,
  );
  await context.close();
  // Several times what is wanted: images are drawn without a graphics card here, on a machine that does other things too.
  assert.ok(coldMs < 20_000 && warmMs < 8000 && fromListMs < 8000);
});

test("thirty studies in a row leave little more behind than half of them", async (t: TestContext) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const reader = new ViewerPage(page, vigil.url);
  await reader.openList();
  const heapBytes: number[] = [];
  for (let nth = 0; nth < 32; nth++) {
    const { studyInstanceUid } = flagged[nth % flagged.length]!;
    await reader.runCommand("navigateHistory", { to: `/vigil?StudyInstanceUIDs=${studyInstanceUid}` });
    await page.locator(`[data-cy=vigil-study][data-study="${studyInstanceUid}"]`).waitFor();
    await reader.waitForDrawn();
    await page.keyboard.press("h");
    await reader.until(async () => (await reader.colouredPixels()) > 100, "the heat map");
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    heapBytes.push(usedSize);
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [second, last] = [mean(heapBytes.slice(8, 16)), mean(heapBytes.slice(24))];
  t.diagnostic(`page memory, MB: ${heapBytes.map((bytes) => (bytes / 1e6).toFixed(0)).join(" ")}`);
  await context.close();
  // What is kept of a study is .2 MB, and less with every one.
  assert.ok(last < 1.15 * second, `${(last / 1e6).toFixed(1)} MB against ${(second / 1e6).toFixed(1)} MB`);
});

test("nothing went wrong in the browser along the way", () => {
  assert.deepEqual(problems, []);
});
