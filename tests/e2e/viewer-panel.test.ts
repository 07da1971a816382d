import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { buildExtension } from "../../ohif-extension/build.ts";
import { type RunningVigil, startVigil } from "../../src/app.ts";
import { configSchema } from "../../src/config.ts";
import type { Feedback } from "../../src/contract/feedback.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { OHIF_DIR } from "../../src/installation.ts";
import { createLogger } from "../../src/log.ts";
import { installOhif } from "../../src/setup/ohif.ts";
import { collectProblems, startBrowser } from "../support/browser.ts";
import { TestPacs } from "../support/pacs.ts";
import { filesOf } from "../support/studies.ts";
import { ViewerPage } from "../support/viewer-page.ts";
import { bone, KEY, prior, priorStudy, stranger, today, todayStudy } from "../viewer/made-panel.ts";
import { madeHeatMap, madeWorklistItem } from "../viewer/made-study.ts";

/**
 * Whose verdict the panel shows, and what it says when there is none or it may be old: in the real viewer over real
 * images of one patient, with made-up results that the tests change. The tests follow each other.
 */

const dataDir = mkdtempSync(path.join(tmpdir(), "vigil-panel-test-"));
let pacs: TestPacs;
let vigil: RunningVigil;
let browser: Browser;
let page: Page;
let viewer: ViewerPage;
let problems: string[];

/** What the service says of each study now. */
const results = new Map<string, StudyResource>();
let answers: { studyInstanceUid: string; feedback: Feedback }[] = [];
const rescored: string[] = [];
let isDown = false;

const panel = (name: string) => page.locator(`[data-cy=vigil-${name}]`);
const panelText = () => panel("panel").innerText();
const studyOf = (url: string) => decodeURIComponent(/\/api\/studies\/([^/?]+)/.exec(url)?.[1] ?? "");
/** What happens when a reader comes back to the page: the viewer looks whether everything is still so. */
const lookAgain = () => page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');

async function answerWithMadeResults(): Promise<void> {
  await page.route("**/api/worklist*", (route) =>
    isDown
      ? route.abort()
      : route.fulfill({ json: { items: [...results.values()].map(madeWorklistItem), nextCursor: null } }),
  );
  await page.route("**/api/studies/**", (route) => {
    if (isDown) return route.abort();
    const url = route.request().url();
    const study = results.get(studyOf(url));
    if (study === undefined) return route.fulfill({ status: 404, json: {} });
    if (url.includes("/heatmap")) return route.fulfill({ json: madeHeatMap(study) });
    if (url.endsWith("/rescore")) {
      rescored.push(study.studyInstanceUid);
      return route.fulfill({ status: 202 });
    }
    if (!url.endsWith("/feedback")) return route.fulfill({ json: study });
    const feedback = route.request().postDataJSON() as Feedback;
    answers.push({ studyInstanceUid: study.studyInstanceUid, feedback });
    return route.fulfill({
      status: 201,
      json: { ...feedback, id: String(answers.length), at: "2026-11-24T10:00:00Z" },
    });
  });
}

async function screenshots(name: string): Promise<void> {
  for (const width of [1280, 1600]) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(300);
    await viewer.screenshot(`panel-${name}-${width}`);
  }
}

function configOf(port: number) {
  return configSchema.parse({
    pacs: [pacs.config()],
    data: { dir: dataDir },
    server: { port },
    log: { level: process.env.VIGIL_LOG_LEVEL ?? "silent" },
  });
}

function start(port: number): Promise<RunningVigil> {
  const config = configOf(port);
  return startVigil({ config, role: "api", logger: createLogger(config.log.level) });
}

/** Of our own making; what the tests provoke on purpose (a 404, a service that is gone) is told by the browser itself. */
function ourProblems(): string[] {
  return problems.filter((problem) => !/^\d{3}: |Failed to load resource|net::ERR_|EventSource/.test(problem));
}

before(async () => {
  await installOhif(OHIF_DIR, () => {});
  await buildExtension();
  pacs = await TestPacs.start();
  await pacs.send([today, prior, stranger, bone].flatMap(filesOf));
  vigil = await start(0);
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  problems = collectProblems(page);
  viewer = new ViewerPage(page, vigil.url);
  results.set(todayStudy.studyInstanceUid, todayStudy);
  results.set(priorStudy.studyInstanceUid, priorStudy);
  await answerWithMadeResults();
});

after(async () => {
  await browser?.close();
  await vigil?.stop();
  await pacs?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("the study that was opened", () => {
  test("is headed by whose it is, and begins at the strongest key slice of what decided the flag", async () => {
    await viewer.openStudy(`${today.studyInstanceUid},${prior.studyInstanceUid}`);
    await viewer.waitForSlice(today.instances[KEY.best]!.sopInstanceUid);
    assert.match(await panel("study").innerText(), /Okafor, Ada\s+female · 68 y · 24-Nov-2026/);
    assert.equal(await panel("relation").count(), 0);
    assert.match(await panel("verdict").innerText(), /Haemorrhage likely\s+score 99 of 100, critical from 64/);
    await screenshots("today");
  });

  test("has one number for a slice, in the panel, the verdict and the image: from the lowest one up", async () => {
    assert.match(await panel("slice-caption").innerText(), /^slice 19 of 30 · score 97 of 100/);
    assert.match(await panel("overlay-slice").innerText(), /^Slice 19 of 30$/);
    await panel("slice-1").click();
    await viewer.waitForSlice(today.instances[0]!.sopInstanceUid);
    await viewer.until(async () => (await panel("overlay-slice").innerText()) === "Slice 1 of 30", "the number");
  });

  test("N and P visit every key slice, best first, those of the verdict before those of the kinds", async () => {
    const visits = [KEY.best, KEY.second, KEY.ofKind];
    for (const z of [...visits, KEY.best]) {
      await page.keyboard.press("n");
      await viewer.waitForSlice(today.instances[z]!.sopInstanceUid);
    }
    for (const z of [KEY.ofKind, KEY.second, KEY.best]) {
      await page.keyboard.press("p");
      await viewer.waitForSlice(today.instances[z]!.sopInstanceUid);
    }
  });

  test("has a window on each key, and Space goes back to the brain", async () => {
    const windows = { 2: "-25 to 174 HU", 3: "20 to 59 HU", 4: "-800 to 1999 HU", " ": "0 to 79 HU", 1: "0 to 79 HU" };
    for (const [key, window] of Object.entries(windows)) {
      await page.keyboard.press(key);
      await viewer.until(async () => (await viewer.window()) === window, `${window} on key ${key}`);
    }
    await panel("window-own").click();
    await viewer.until(async () => (await viewer.window()) !== "0 to 79 HU", "the image's own window");
    await page.keyboard.press("Space");
    await viewer.until(async () => (await viewer.window()) === "0 to 79 HU", "the brain window after a click");
  });

  test("shows its keys on a sheet", async () => {
    await page.keyboard.press("?");
    assert.match(await panel("keys").innerText(), /N\s+Next key slice.*Subdural 200\/75.*Agree/s);
    await screenshots("keys");
    await page.keyboard.press("Escape");
    await panel("keys").waitFor({ state: "hidden" });
  });

  test("is answered by key; the answer can be taken back, and goes nowhere twice", async () => {
    await page.keyboard.press("a");
    await page.locator("[data-cy=vigil-accept-any][aria-pressed=true]").waitFor();
    await page.keyboard.press("z");
    await page.locator("[data-cy=vigil-accept-any][aria-pressed=false]").waitFor();
    await page.keyboard.press("d");
    await page.locator("[data-cy=vigil-reject-any][aria-pressed=true]").waitFor();
    assert.deepEqual(
      answers.map(({ feedback: { decision, comment } }) => [decision, comment]),
      [
        ["accept", undefined],
        ["accept", "withdrawn"],
        ["reject", undefined],
      ],
    );
  });
});

describe("a prior in a second viewport", () => {
  test("changes the panel with the active viewport: nobody else's verdict is shown", async () => {
    await viewer.showBeside(prior.studyInstanceUid);
    await page.locator(`[data-cy=vigil-study][data-study="${prior.studyInstanceUid}"]`).waitFor();
    await panel("relation").waitFor();
    assert.equal(
      await panel("relation")
        .innerText()
        .then((words) => words.replace(/^\W+/, "")),
      "prior of 22-Nov",
    );
    await panel("verdict").waitFor();
    assert.match(await panel("verdict").innerText(), /No bleed found\s+score 35 of 100, critical from 64/);
    assert.doesNotMatch(await panelText(), /likely|99/);
    await screenshots("prior");
    await viewer.activate(0);
    await panel("relation").waitFor({ state: "hidden" });
    assert.match(await panel("verdict").innerText(), /Haemorrhage likely/);
  });

  test("has a badge of its own, beside that of the study that was opened", async () => {
    const badges = await panel("overlay-badge").allInnerTexts();
    assert.match(badges.join(" | "), /critical · score 99 of 100.*\|.*no bleed found · score 35 of 100/s);
  });

  test("gets the answer that is given while it is active", async () => {
    answers = [];
    await viewer.activate(1);
    await panel("relation").waitFor();
    await page.keyboard.press("a");
    await page.locator("[data-cy=vigil-accept-any][aria-pressed=true]").waitFor();
    await viewer.activate(0);
    await panel("relation").waitFor({ state: "hidden" });
    await panel("accept-any").click();
    await viewer.until(async () => answers.length === 2, "both answers");
    assert.deepEqual(
      answers.map(({ studyInstanceUid }) => studyInstanceUid),
      [prior.studyInstanceUid, today.studyInstanceUid],
    );
  });

  test("does not keep the heat map of the other study", async () => {
    await page.keyboard.press("h");
    await viewer.until(async () => (await viewer.colouredPixels()) > 500, "the heat map");
    await page.locator(".vigil-boxes").first().waitFor();
    await viewer.activate(1);
    await page.locator(".vigil-boxes").first().waitFor({ state: "detached" });
    await page.locator("[data-cy=vigil-heat-map][aria-pressed=false]").waitFor();
    await viewer.activate(0);
    assert.equal(await viewer.colouredPixels(), 0);
  });
});

describe("a study without a verdict", () => {
  test("that Vigil does not know says so", async () => {
    await page.goto(`${vigil.url}/vigil?StudyInstanceUIDs=${stranger.studyInstanceUid}`);
    await panel("no-study").waitFor();
    assert.match(await panelText(), /does not know this study: there is no verdict.*without it/s);
    assert.doesNotMatch(await panelText(), /bleed|likely|Agree/i);
    await screenshots("unknown");
  });

  test("that waits shows how far it is", async () => {
    const pending = { ...todayStudy, flag: "pending", state: "scoring", probabilities: null, findings: [], slices: [] };
    results.set(today.studyInstanceUid, { ...pending, model: null, provider: null } as unknown as StudyResource);
    await viewer.openStudy(today.studyInstanceUid);
    await panel("verdict").getByText("Scoring").waitFor();
    assert.equal(await panel("accept-any").count(), 0);
    await screenshots("pending");
  });

  test("gets it by itself, and says that it is new", async () => {
    results.set(today.studyInstanceUid, todayStudy);
    await lookAgain();
    await panel("notice-new-result")
      .getByText(/New result at \d\d:\d\d\./)
      .waitFor();
    assert.match(await panel("verdict").innerText(), /Haemorrhage likely/);
  });
});

describe("a result that is no longer what it was", () => {
  test("keeps a critical one when scoring again fails, says why, and can be asked for again", async () => {
    const error = { code: "pacs-unreachable", message: "the PACS did not answer within 30 s" };
    results.set(today.studyInstanceUid, { ...todayStudy, state: "failed", error });
    await lookAgain();
    await panel("notice-failed")
      .getByText(/Re-score failed: the PACS did not answer within 30 s/)
      .waitFor();
    assert.match(await panel("verdict").innerText(), /Haemorrhage likely\s+score 99/);
    assert.match(await panel("overlay-badge").innerText(), /critical .* re-score failed/);
    await screenshots("failed");
    await panel("rescore").click();
    await viewer.until(async () => rescored.length === 1, "the request");
    assert.deepEqual(rescored, [today.studyInstanceUid]);
  });

  test("says what the result was before, when another one takes its place", async () => {
    const former = {
      at: "2026-11-24T10:00:00Z",
      contentHash: "1",
      model: null,
      flag: "critical",
      srSopInstanceUid: null,
    };
    const second = { ...priorStudy, studyInstanceUid: today.studyInstanceUid, history: [former] } as StudyResource;
    results.set(today.studyInstanceUid, second);
    await lookAgain();
    await panel("notice-new-result")
      .getByText(/Before: Critical.*score 99 of 100/)
      .waitFor();
    assert.match(await panel("verdict").innerText(), /No bleed found\s+score 35/);
    await screenshots("replaced");
    await page.getByRole("button", { name: "Seen" }).click();
    await panel("notice-new-result").waitFor({ state: "hidden" });
  });

  test("calls no study free of blood whose last score failed", async () => {
    const error = { code: "pacs-unreachable", message: "the PACS did not answer within 30 s" };
    results.set(today.studyInstanceUid, {
      ...priorStudy,
      studyInstanceUid: today.studyInstanceUid,
      state: "failed",
      error,
    });
    await lookAgain();
    await panel("verdict").getByText("Haemorrhage undetermined").waitFor();
    assert.doesNotMatch(await panelText(), /no bleed/i);
  });

  test("names the slices that came since, and loads them with one key", async () => {
    const [first] = todayStudy.slices;
    const later = Array.from({ length: 19 }, (_, i) => ({
      ...first!,
      sopInstanceUid: `${first!.sopInstanceUid}.${i}`,
      positionMm: 150 + 5 * i,
    }));
    results.set(today.studyInstanceUid, { ...todayStudy, slices: [...todayStudy.slices, ...later] } as StudyResource);
    await lookAgain();
    await panel("notice-new-images").getByText("New images: 19").waitFor();
    assert.match(await panel("slices-unloaded").innerText(), /slices 31–49/);
    assert.equal(await page.locator(".vigil-slice-unloaded").count(), 19);
    await screenshots("grown");
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("u")]);
    results.set(today.studyInstanceUid, todayStudy);
    await viewer.waitForImage();
  });

  test("shows no verdict once the study is deleted", async () => {
    results.delete(today.studyInstanceUid);
    await lookAgain();
    await panel("no-study").waitFor();
    assert.match(await panelText(), /deleted in Vigil: its verdict no longer stands/);
    assert.doesNotMatch(await panelText(), /likely|Agree/);
    assert.equal(await panel("overlay-badge").count(), 0);
    await screenshots("deleted");
    results.set(today.studyInstanceUid, todayStudy);
    await panel("retry").click();
    await panel("verdict").waitFor();
  });
});

test("a service that is gone is said at once, and so is that it is back", async () => {
  const port = Number(new URL(vigil.url).port);
  isDown = true;
  await vigil.stop();
  await panel("notice-not-live")
    .getByText(/Not live since \d\d:\d\d/)
    .waitFor();
  assert.match(await panel("verdict").innerText(), /Haemorrhage likely/);
  await panel("retry").click();
  await panel("retry-problem").getByText("cannot be reached").waitFor();
  await panel("accept-any").click();
  await panel("answer-problem-any").getByText("Vigil cannot be reached").waitFor();
  await screenshots("not-live");
  vigil = await start(port);
  isDown = false;
  await panel("notice-not-live").waitFor({ state: "hidden" });
});

test("a bone series opens in the bone window", async () => {
  await viewer.openStudy(today.studyInstanceUid);
  await page.getByText("Head 1.0 H60s").first().dblclick();
  await viewer.until(async () => (await viewer.window()) === "-800 to 1999 HU", "the bone window");
});

test("nothing of ours went wrong in the browser along the way", () => {
  assert.deepEqual(ourProblems(), []);
});
