import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { buildExtension } from "../../ohif-extension/build.ts";
import { type RunningVigil, startVigil } from "../../src/app.ts";
import { configSchema } from "../../src/config.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { OHIF_DIR } from "../../src/installation.ts";
import { createLogger } from "../../src/log.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import { withBleed } from "../../src/phantom/hu-volume.ts";
import { headPhantom, PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";
import { installOhif } from "../../src/setup/ohif.ts";
import { collectProblems, startBrowser } from "../support/browser.ts";
import { TestPacs } from "../support/pacs.ts";
import { chestStudy, filesOf, headStudy } from "../support/studies.ts";
import { ViewerPage } from "../support/viewer-page.ts";

/** One reader's session, from the study list to the report; the tests follow each other. */

const GREEK_NAME = "Παπαδόπουλος^Γεώργιος";
const negative = headStudy("miller");
const otherRegion = chestStudy("weber");
const bleeding = ctSeries(withBleed(headPhantom(), PHANTOM_BLEED), {
  studyKey: "bleeding head of the viewer test",
  patientName: GREEK_NAME,
  patientId: "GR-1",
  studyDescription: "CT head w/o contrast",
});

const dataDir = mkdtempSync(path.join(tmpdir(), "vigil-viewer-test-"));
let pacs: TestPacs;
let vigil: RunningVigil;
let browser: Browser;
let viewer: ViewerPage;
let problems: string[];

async function study(studyInstanceUid: string): Promise<StudyResource> {
  const answer = await fetch(`${vigil.url}/api/studies/${studyInstanceUid}`);
  return (await answer.json()) as StudyResource;
}

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

describe("the study list", () => {
  test("shows for each study what became of it, most urgent first", async () => {
    await pacs.send([...filesOf(negative), ...filesOf(otherRegion)]);
    await viewer.openList();
    const rows = await viewer.rowsWhen(
      (found) => found.length === 2 && /No bleed found|Undetermined/.test(found[0]!) && /Not analysed/.test(found[1]!),
    );
    assert.match(rows[0]!, /score >?\d+ of 100.*miller, Test/s);
    assert.match(rows[1]!, /Not analysed: no head CT series.*weber, Test/);
    assert.ok(await viewer.page.getByText("Research use only").isVisible());
    assert.match(await viewer.page.locator("[data-cy=vigil-connection]").innerText(), /live/);
  });

  test("lets a study that arrives and is flagged move to the top without a reload", async () => {
    await pacs.send(filesOf(bleeding));
    const rows = await viewer.rowsWhen((found) => found.length === 3 && found[0]!.includes("Critical"));
    assert.match(rows[0]!, /▲.*Critical.*score >?\d+ of 100.*Παπαδόπουλος, Γεώργιος/s);
    assert.equal(await viewer.wasReloaded(), false);
    assert.match(await viewer.page.locator("[data-cy=vigil-count-critical]").innerText(), /1 critical/);
    const news = viewer.page.locator("[data-cy=vigil-news]");
    await viewer.until(async () => /Παπαδόπουλος, Γεώργιος/.test(await news.innerText()), "the news above the list");
    await viewer.screenshot("study-list");
  });

  test("filters by what Vigil says, and says so when nothing fits", async () => {
    const filter = viewer.page.locator("[data-filter-row] input").first();
    await filter.fill("critical");
    await viewer.rowsWhen((found) => found.length === 1);
    await filter.fill("no such status");
    await viewer.page.getByText("No studies available").waitFor();
    await filter.fill("");
    await viewer.rowsWhen((found) => found.length === 3);
  });

  test("opens a study in the triage mode, at the key slice, in the brain window", async () => {
    await viewer.openFromList("Παπαδόπουλος");
    assert.equal(new URL(viewer.page.url()).pathname, "/vigil");
    const { findings } = await study(bleeding.studyInstanceUid);
    const overall = findings.find(({ label }) => label === "any")!;
    assert.equal(await viewer.shownSlice(), overall.keySlices[0]!.sopInstanceUid);
    await viewer.until(async () => (await viewer.window()) === "0 to 79 HU", "the brain window");
  });
});

describe("the panel beside the images", () => {
  test("gives the verdict and lists every kind of haemorrhage with its probability", async () => {
    const { page } = viewer;
    assert.match(
      await page.locator("[data-cy=vigil-verdict]").innerText(),
      /Haemorrhage likely\s*score >?\d+ of 100, critical from \d+/,
    );
    for (const label of ["epidural", "intraparenchymal", "intraventricular", "subarachnoid", "subdural"]) {
      assert.match(await page.locator(`[data-cy=vigil-finding-${label}]`).innerText(), /\d$|\d\s/);
    }
    assert.match(
      await page.locator("[data-cy=vigil-reading]").innerText(),
      /ich-lite \d+\.\d+\.\d+ on CPU · 30 of 30 slices/,
    );
    assert.match(await page.locator("[data-cy=vigil-panel]").innerText(), /Not a medical device/);
    assert.match(await page.locator("[data-cy=vigil-overlay-badge]").innerText(), /AI: critical/);
    await viewer.screenshot("viewer");
  });

  test("brings up the key slice of a finding, told by its SOP Instance UID", async () => {
    const { findings } = await study(bleeding.studyInstanceUid);
    const located = findings.filter(({ label, keySlices }) => label !== "any" && keySlices.length > 0);
    assert.ok(located.length > 0, "the phantom's bleed has a kind");
    for (const { label, keySlices } of located) {
      await viewer.page.locator("[data-cy=vigil-slice-1]").click();
      await viewer.waitForSlice(bleeding.instances[0]!.sopInstanceUid);
      await viewer.page.locator(`[data-cy=vigil-show-${label}]`).click();
      await viewer.waitForSlice(keySlices[0]!.sopInstanceUid);
    }
  });

  test("follows the image: the chart says which slice is shown", async () => {
    await viewer.page.locator("[data-cy=vigil-slice-3]").click();
    await viewer.waitForSlice(bleeding.instances[2]!.sopInstanceUid);
    await viewer.page.getByText(/^slice 3 of 30/).waitFor();
  });

  test("keeps the reader's answer, and lets it be changed", async () => {
    const answered = async (decision: string) =>
      (await study(bleeding.studyInstanceUid)).feedback.at(-1)?.decision === decision;
    await viewer.page.locator("[data-cy=vigil-there-any]").click();
    await viewer.page.locator("[data-cy=vigil-name]").fill("A. Miller");
    await viewer.page.keyboard.press("Enter");
    await viewer.until(() => answered("accept"), "the agreement to be kept");
    await viewer.page.locator("[data-cy=vigil-not-there-any][aria-pressed=false]").click();
    await viewer.until(() => answered("reject"), "the change of mind to be kept");
    await viewer.page.locator("[data-cy=vigil-not-there-any][aria-pressed=true]").waitFor();
  });

  test("shows and hides the heat map and the boxes with one key", async () => {
    await viewer.page.keyboard.press("n");
    const image = viewer.page.locator(".cornerstone-viewport-element").first();
    await image.hover();
    assert.equal(await viewer.colouredPixels(), 0);
    await viewer.page.keyboard.press("h");
    await viewer.until(async () => (await viewer.colouredPixels()) > 500, "the heat map");
    assert.match((await viewer.page.locator(".vigil-boxes").textContent()) ?? "", /\d \(AI\)/);
    await viewer.screenshot("heat-map");
    await viewer.page.keyboard.press("h");
    await viewer.until(async () => (await viewer.colouredPixels()) === 0, "the heat map to go");
    assert.equal(await viewer.page.locator(".vigil-boxes").count(), 0);
  });

  test("shows the heat map again when the study is opened a second time", async () => {
    await viewer.page.locator("[data-cy=return-to-work-list]").click();
    await viewer.openFromList("Παπαδόπουλος");
    await viewer.page.locator("[data-cy=vigil-heat-map]").click();
    await viewer.until(async () => (await viewer.colouredPixels()) > 500, "the heat map");
  });
});

describe("a structured report", () => {
  test("with findings opens as a page that leads to the image, and its regions can become measurements", async () => {
    await viewer.openStudy(bleeding.studyInstanceUid);
    await viewer.openReport();
    assert.match(await viewer.page.locator("[data-cy=vigil-report-any]").innerText(), /Present\s+>?\d+/);
    await viewer.screenshot("report-with-findings");
    await viewer.page.locator("[data-cy=vigil-report-measurements]").click();
    const { findings } = await study(bleeding.studyInstanceUid);
    const overall = findings.find(({ label }) => label === "any")!;
    await viewer.waitForSlice(overall.keySlices[0]!.sopInstanceUid);
    assert.equal(await viewer.measurements(), findings.filter(({ presence }) => presence === "present").length);
  });

  test("without findings opens as a page, too", async () => {
    await viewer.openStudy(negative.studyInstanceUid);
    await viewer.openReport();
    for (const label of ["any", "epidural", "subdural"]) {
      assert.match(await viewer.page.locator(`[data-cy=vigil-report-${label}]`).innerText(), /Absent|Undetermined/);
    }
    assert.match(await viewer.page.locator("[data-cy=vigil-report-comments]").innerText(), /Research use only/);
    await viewer.screenshot("report-without-findings");
  });
});

test("nothing went wrong in the browser along the way", () => {
  assert.deepEqual(problems, []);
});
