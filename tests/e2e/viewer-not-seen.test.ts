import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page, Route } from "playwright-core";
import { buildExtension } from "../../ohif-extension/build.ts";
import { type RunningVigil, startVigil } from "../../src/app.ts";
import { configSchema } from "../../src/config.ts";
import { OHIF_DIR } from "../../src/installation.ts";
import { createLogger } from "../../src/log.ts";
import { installOhif } from "../../src/setup/ohif.ts";
import { collectProblems, startBrowser } from "../support/browser.ts";
import { TestPacs } from "../support/pacs.ts";
import { ViewerPage } from "../support/viewer-page.ts";
import { critical, files, images, oneImage, PEAK, studies, twice, unseen } from "../viewer/made-studies.ts";
import { madeHeatMap, madeWorklistItem } from "../viewer/made-study.ts";

/**
 * What a reader is shown of heads that were not seen whole and of several series, in the real viewer over real images.
 * The results are made up, so that every case is there whatever the model thinks of the images.
 */

const dataDir = mkdtempSync(path.join(tmpdir(), "vigil-viewer-test-"));
let pacs: TestPacs;
let vigil: RunningVigil;
let browser: Browser;
let page: Page;
let viewer: ViewerPage;
let problems: string[];

/** Lets the page hear of our studies only. */
async function answerWithMadeResults(): Promise<void> {
  const json = (body: unknown) => (route: Route) => route.fulfill({ json: body });
  await page.route("**/api/worklist*", json({ items: studies.map(madeWorklistItem), nextCursor: null }));
  for (const study of studies) {
    const url = `**/api/studies/${study.studyInstanceUid}`;
    await page.route(url, json(study));
    await page.route(`${url}/heatmap*`, json(madeHeatMap(study)));
    const { studyInstanceUid, state, flag, reason, findings, priors, read, reading } = study;
    const preview = {
      studyInstanceUid,
      state,
      flag,
      reason,
      findings,
      priors,
      read,
      reading,
      keySlices: [],
      warnings: [],
    };
    await page.route(`${url}/preview`, json(preview));
  }
}

/** In both widths that readers have, for people to look at. */
async function screenshots(name: string): Promise<void> {
  for (const width of [1280, 1600]) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(300);
    await viewer.screenshot(`${name}-${width}`);
  }
}

before(async () => {
  await installOhif(OHIF_DIR, () => {});
  await buildExtension();
  pacs = await TestPacs.start();
  await pacs.send(files());
  const config = configSchema.parse({
    pacs: [pacs.config()],
    data: { dir: dataDir },
    server: { port: 0 },
    log: { level: process.env.VIGIL_LOG_LEVEL ?? "silent" },
  });
  vigil = await startVigil({ config, role: "api", logger: createLogger(config.log.level) });
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  problems = collectProblems(page);
  viewer = new ViewerPage(page, vigil.url);
  await answerWithMadeResults();
});

after(async () => {
  await browser?.close();
  await vigil?.stop();
  await pacs?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("a head that was not seen whole", () => {
  test("says so in the list, beside what was found", async () => {
    await viewer.openList();
    const rows = await viewer.rowsWhen((found) => found.length === studies.length);
    assert.match(rows.find((row) => row.includes("unseen"))!, /Undetermined: 7 slices not read and 1 more/);
    assert.match(rows.find((row) => row.includes("critical, Test"))!, /Critical · 7 slices not read/);
    assert.ok(rows.every((row) => !/no bleed found/i.test(row)));
    await screenshots("not-seen-list");
  });

  test("lists everything that was not seen under the verdict, and sums up the rest in a line that opens", async () => {
    await viewer.openStudy(unseen.studyInstanceUid);
    const verdict = page.locator("[data-cy=vigil-verdict]");
    assert.match(await verdict.innerText(), /Haemorrhage undetermined\s*score 3 of 100/);
    assert.match(await verdict.locator("[data-cy=vigil-not-seen]").innerText(), /7 slices not read.*gap of 40 mm/s);
    assert.equal(await page.getByText("The gantry was tilted").isVisible(), false);
    await screenshots("not-seen-undetermined");
    await page.getByText("2 remarks on the images").click();
    assert.ok(await page.getByText("The gantry was tilted").isVisible());
    assert.doesNotMatch(await page.locator("body").innerText(), /no bleed found/i);
    const badge = await page.locator("[data-cy=vigil-overlay-badge]").innerText();
    assert.match(badge, /AI: undetermined · score 3 of 100 · not seen whole/);
  });

  test("has findings without a place: they lead nowhere and say why they are not absent", async () => {
    const line = page.locator("[data-cy=vigil-finding-subdural]");
    assert.equal(await line.locator("button.vigil-finding-name").count(), 0);
    assert.equal(await line.getByLabel("Undetermined: not seen whole").count(), 1);
    assert.match(await page.locator("[data-cy=vigil-findings-open]").innerText(), /not called absent/);
    const shown = await viewer.shownSlice();
    await page.locator(".cornerstone-viewport-element").first().hover();
    await page.keyboard.press("n");
    assert.equal(await viewer.shownSlice(), shown);
  });

  test("says in the report what was not seen", async () => {
    await viewer.openReport();
    const report = page.locator("[data-cy=vigil-report]");
    assert.match(await report.locator("[data-cy=vigil-not-seen]").innerText(), /7 of 30 slices could not be decoded/);
    assert.match(await report.innerText(), /Haemorrhage undetermined/);
    assert.doesNotMatch(await report.innerText(), /no bleed found|tilted/i);
    await report.getByText("2 remarks on the images").click();
    assert.match(await report.innerText(), /tilted/);
    await screenshots("not-seen-report");
  });

  test("that is critical shows both", async () => {
    await viewer.openStudy(critical.studyInstanceUid);
    const verdict = await page.locator("[data-cy=vigil-verdict]").innerText();
    assert.match(verdict, /Haemorrhage likely.*Intraparenchymal, left.*not seen whole.*7 slices not read/s);
    await screenshots("not-seen-critical");
  });
});

describe("a study of which several series were read", () => {
  test("opens at the key slice, in whichever series it lies", async () => {
    await viewer.openStudy(twice.studyInstanceUid);
    await viewer.waitForSlice(images.repeat.instances[PEAK]!.sopInstanceUid);
    assert.match(await page.locator("[data-cy=vigil-verdict]").innerText(), /Slices \d+–\d+ of Head 5\.0 H31s; slices/);
    assert.match(await page.locator("[data-cy=vigil-chart-series]").innerText(), /Head 5\.0 H31s\s*Head repeat/);
    assert.match(await page.locator("[data-cy=vigil-slice-caption]").innerText(), /Head repeat .* · slice \d+ of 30/);
  });

  test("a slice of another series changes the series on the screen, in the brain window, and back", async () => {
    await page.locator("[data-cy=vigil-slice-1]").click();
    await viewer.waitForSlice(images.before.instances[0]!.sopInstanceUid);
    await viewer.until(async () => (await viewer.window()) === "0 to 79 HU", "the brain window");
    await page.getByText(/^Head 5\.0 H31s · slice 1 of 30/).waitFor();
    await page.locator("[data-cy=vigil-show-intraparenchymal]").click();
    await viewer.waitForSlice(images.repeat.instances[PEAK]!.sopInstanceUid);
  });

  test("shows over each series its own heat map, and boxes on its own slices only", async () => {
    await page.locator("[data-cy=vigil-heat-map]").click();
    await viewer.until(async () => (await viewer.colouredPixels()) > 500, "the heat map of the series on the screen");
    assert.match((await page.locator(".vigil-boxes").textContent()) ?? "", /Intraparenchymal 91 \(AI\)/);
    await screenshots("several-series");
    // The other series peaks at its seventh slice from below, where this one has nothing.
    await page.locator("[data-cy=vigil-slice-7]").click();
    await viewer.waitForSlice(images.before.instances[6]!.sopInstanceUid);
    await viewer.until(async () => (await viewer.colouredPixels()) > 500, "the heat map of the other series");
    assert.equal(await page.locator(".vigil-boxes").count(), 0);
    await screenshots("several-series-other");
    await page.locator("[data-cy=vigil-slice-1]").click();
    await viewer.until(async () => (await viewer.colouredPixels()) === 0, "a slice without heat");
    await page.locator("[data-cy=vigil-heat-map]").click();
  });
});

test("the slices of a multi-frame image are told apart by their frames", async () => {
  const caption = page.locator("[data-cy=vigil-slice-caption]");
  const captionIs = (words: RegExp) => viewer.until(async () => words.test(await caption.innerText()), `${words}`);
  await viewer.openStudy(oneImage.studyInstanceUid);
  await captionIs(/^slice 19 of 30 · score 97 of 100/);
  assert.match(await page.locator("[data-cy=vigil-reading]").innerText(), /· 30 slices\n/);
  await page.locator("[data-cy=vigil-heat-map]").click();
  await viewer.until(async () => (await viewer.colouredPixels()) > 500, "the heat map of the frame");
  assert.match((await page.locator(".vigil-boxes").textContent()) ?? "", /Intraparenchymal/);
  await screenshots("multi-frame");
  await page.locator("[data-cy=vigil-slice-3]").click();
  await captionIs(/^slice 3 of 30 · score 2 of 100/);
  await viewer.until(async () => (await viewer.colouredPixels()) === 0, "a frame without heat");
  assert.equal(await page.locator(".vigil-boxes").count(), 0);
  await page.locator("[data-cy=vigil-show-intraparenchymal]").click();
  await captionIs(/^slice 19 of 30/);
});

test("nothing went wrong in the browser along the way", () => {
  assert.deepEqual(problems, []);
});

describe("an answer that the server refuses", () => {
  test("says beside the button why it was not kept, until one is kept", async () => {
    const refuse = (status: number, headers: Record<string, string> = {}) =>
      page.route("**/feedback", (route) => route.fulfill({ status, headers, json: {} }), { times: 1 });
    await page.evaluate(() => localStorage.setItem("vigilReader", "A. Miller"));
    await page.reload();
    await viewer.waitForImage();
    const problem = page.locator("[data-cy=vigil-notice-not-kept]");
    await refuse(429, { "retry-after": "12" });
    await page.locator("[data-cy=vigil-there-any]").click();
    await page.getByText(/too many answers at once\. Try again in 12 s/).waitFor();
    await screenshots("answer-refused");
    await refuse(403);
    await page.locator("[data-cy=vigil-there-any]").click();
    await page.getByText(/Open the viewer at Vigil's own address/).waitFor();
    await page.route("**/feedback", (route) => {
      const given = { ...route.request().postDataJSON(), id: "1", at: "2026-01-01T10:00:00Z" };
      const stored = { ...given, withdrawnAt: null, toPresentResult: true };
      return route.fulfill({ status: 201, json: stored });
    });
    await page.locator("[data-cy=vigil-there-any]").click();
    await page.locator("[data-cy=vigil-there-any][aria-pressed=true]").waitFor();
    assert.equal(await problem.count(), 0);
  });
});
