import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import type { WorklistPage } from "../../src/contract/worklist.ts";
import { ListStage } from "../support/list-stage.ts";
import type { ViewerPage } from "../support/viewer-page.ts";

/** The study beside the list, its readers, alerts and languages. The tests follow each other. */

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PREVIEW_MS = 300;

let stage: ListStage;
let page: Page;
let viewer: ViewerPage;

const preview = () => stage.part("preview");
const uncertainRow = () => page.locator("tbody tr", { hasText: "Test, Uncertain" }).first();

async function api(path: string, method: string, body?: object): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${stage.url}/api/studies/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

/** Serious findings of axe in our own parts of the page. */
async function axeFindings(): Promise<string[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate(`axe.run({ include: [[".vigil-list-bar"], [".vigil-preview"], [".vigil-brand"],
    [".vigil-live-status"], ["tr.group td"]] }, { resultTypes: ["violations"] })`)) as {
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  };
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

before(async () => {
  stage = await ListStage.open();
  ({ page, viewer } = stage);
  await viewer.openList();
});

after(() => stage?.close());

describe("the preview", () => {
  test("shows the first study of the list with its key slices, verdict, findings and score", async () => {
    await stage.previewOf(stage.oldest.studyInstanceUid);
    await stage.part("picture").waitFor();
    const text = (await preview().innerText()).replace(/\s+/g, " ");
    assert.match(text, /Critical .*Test, Oldest 76 y F CT Head w\/o contrast Arrived 2 d ago, result after/);
    assert.match(text, /Slice 16 of 30 Any haemorrhage: score 97 of 100 .*score 97 of 100, critical from 64/);
    assert.match(text, /Intraparenchymal, left score 94 of 100/);
    assert.equal(await preview().locator(".vigil-pictures-small").count(), 4);
    await stage.screenshots("list-preview");
  });

  test("lays the heat map over the picture, and takes it off with a key", async () => {
    await stage.part("picture-heat").waitFor();
    const heat = () => stage.part("picture-heat").getAttribute("style");
    assert.equal(await heat(), "opacity: 1;");
    await page.keyboard.press("h");
    await viewer.until(async () => (await heat()) === "opacity: 0;", "the picture without the heat map");
    await page.keyboard.press("h");
    await viewer.until(async () => (await heat()) === "opacity: 1;", "the heat map");
  });

  test("follows the arrow keys within 300 ms, and tells of priors", async (t) => {
    await page.evaluate(`window.shownAfter = []; new MutationObserver(() => {
      const uid = document.querySelector("[data-cy=vigil-preview]")?.dataset.study;
      if (uid !== window.lastShown) { window.lastShown = uid; window.shownAfter.push(performance.now() - window.pressed); }
    }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["data-study"] });
    document.addEventListener("keydown", () => { window.pressed = performance.now(); }, true);`);
    await page.keyboard.press("ArrowDown");
    await stage.previewOf(stage.uncertain.studyInstanceUid);
    await stage.part("picture").waitFor();
    const priors = await stage.part("preview-priors").innerText();
    assert.match(priors, /Nov 22, 2025\s+✓\s+No bleed found/);
    await page.keyboard.press("ArrowUp");
    await stage.previewOf(stage.oldest.studyInstanceUid);
    const [down, up] = (await page.evaluate("window.shownAfter")) as number[];
    t.diagnostic(`list to preview: ${Math.round(down!)} ms, back ${Math.round(up!)} ms`);
    assert.ok(down! < PREVIEW_MS && up! < PREVIEW_MS, `${down} ms, ${up} ms`);
  });

  test("never shows the words of one study beside the pictures of another, however fast the keys come", async () => {
    await page.evaluate(`window.mixed = []; window.watch = setInterval(() => {
      const shown = document.querySelector("[data-cy=vigil-preview]");
      const name = shown?.querySelector(".vigil-preview-patient b")?.textContent;
      const row = shown && document.querySelector('[data-cy="vigil-row-' + shown.dataset.study + '"]')?.closest("tr");
      if (row && !row.textContent.includes(name)) window.mixed.push(name);
    }, 5)`);
    for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowDown");
    for (let i = 0; i < 11; i++) await page.keyboard.press("ArrowUp");
    await stage.previewOf(stage.uncertain.studyInstanceUid);
    assert.deepEqual(await page.evaluate("clearInterval(window.watch), window.mixed"), []);
  });

  for (const [name, row, words] of [
    [
      "an undetermined study",
      "Test, Unseen",
      /7 slices not read and 1 more[\s\S]*The head was not seen whole[\s\S]*gap of 40 mm/,
    ],
    ["one that was not analysed", "ID angio 0", /Not analysed: contrast series only/],
    ["one that failed", "Test, broken", /Failed[\s\S]*JPEG data end early/],
    ["one that waits", "Test, new 0", /Waiting for images/],
  ] as const) {
    test(`says what is known of ${name}`, async () => {
      await page.locator("tbody tr", { hasText: row }).first().click();
      await viewer.until(async () => words.test(await preview().innerText()), `the preview of ${row}`);
      assert.ok(await stage.part("preview-open").isEnabled());
    });
  }

  test("keeps OHIF's settings and its button that closes the preview", async () => {
    await stage.part("settings").click();
    await page.getByText("Preferences").waitFor();
    await page.keyboard.press("Escape");
    await page.getByLabel("Close preview").click();
    await preview().waitFor({ state: "detached" });
    await page.getByLabel("Open preview").click();
    await preview().waitFor();
  });

  test("says so when the PACS gives no image, and when Vigil is gone", async () => {
    await page.route("**/instances/*/preview*", (route) => route.fulfill({ status: 502, body: "{}" }));
    await page.reload();
    await stage.previewOf(stage.oldest.studyInstanceUid);
    await page.getByText("The PACS does not give this image now").waitFor();
    assert.match(await preview().innerText(), /score 97 of 100/);
    await page.route("**/api/studies/*/preview", (route) => route.abort());
    await page.locator("tbody tr", { hasText: "Test, new 5" }).first().click();
    await stage.part("preview-none").getByText("Vigil cannot be reached").waitFor();
    await page.unroute("**/instances/*/preview*");
    await page.unroute("**/api/studies/*/preview");
  });
});

describe("reading", () => {
  test("is seen live: who has a study open", async () => {
    await page.reload();
    await stage.part("picture").waitFor();
    const { studyInstanceUid } = stage.uncertain;
    await api(`${studyInstanceUid}/reading`, "PUT", { reader: "Dr. Ash" });
    await viewer.until(async () => /being read by Dr\. Ash/.test(await uncertainRow().innerText()), "who reads");
    await stage.viewer.screenshot("list-being-read");
    await api(`${studyInstanceUid}/reading`, "DELETE", { reader: "Dr. Ash" });
    await viewer.until(async () => !/being read/.test(await uncertainRow().innerText()), "nobody to read it");
  });

  test("an answer beside the list asks for a name once, is told in another tab, sinks the study, and is taken back", async () => {
    const other = await page.context().newPage();
    await other.goto(stage.url);
    await other.locator("[data-cy=vigil-chip]").first().waitFor();
    await page.bringToFront();
    await uncertainRow().click();
    await stage.previewOf(stage.uncertain.studyInstanceUid);
    await stage.part("preview-disagree").click();
    await stage.part("preview-name").fill("Dr. Birch");
    await page.keyboard.press("Enter");
    await viewer.until(async () => (await page.title()) === "▲ 1 critical · Vigil", "the answer");
    assert.match((await viewer.rows())[1]!, /Undetermined/, "the answered one has sunk");
    await other.bringToFront();
    await other.getByText("Read 1").waitFor();
    await other.close();
    await page.bringToFront();
    await stage.group("read").click();
    const [read] = await viewer.rowsWhen((found) => found.length === 1);
    assert.match(read!, /Critical\s+✗ disagreed by Dr\. Birch/);
    await stage.part("preview-undo").click();
    await viewer.until(async () => (await page.title()) === "▲ 2 critical · Vigil", "the answer to be taken back");
    await stage.group("all").click();
  });
});

describe("alerts", () => {
  test("are off until somebody asks for them, then tell of a new critical study until somebody has opened it", async () => {
    await page.addInitScript(`window.notes = []; window.tones = 0;
      window.Notification = class extends EventTarget {
        static permission = "default";
        static requestPermission() { Notification.permission = "granted"; localStorage.setItem("granted", "1"); return Promise.resolve("granted"); }
        constructor(title) { super(); window.notes.push(title); }
        close() { window.notes.push("closed"); }
      };
      if (localStorage.getItem("granted")) Notification.permission = "granted";
      const start = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function (at) { window.tones++; return start.call(this, at); };`);
    await viewer.openList();
    const notes = () => page.evaluate("window.notes") as Promise<string[]>;
    const tones = () => page.evaluate("window.tones") as Promise<number>;
    const alerts = () => stage.part("alerts").innerText();
    assert.equal(await alerts(), "Alerts off");
    await stage.part("alerts").click();
    await viewer.until(async () => (await alerts()) === "Alerts on", "alerts to be on");
    await page.waitForFunction("localStorage.getItem('vigilAlertingTab') !== null");
    assert.deepEqual(await notes(), [], "nothing of what was there before");

    const { items } = (await (await fetch(`${stage.url}/api/worklist?limit=1`)).json()) as WorklistPage;
    let study = { ...items[0]!, flaggedAt: new Date(Date.now() + 60_000).toISOString() };
    await page.route("**/api/events", (route) =>
      route.fulfill({
        contentType: "text/event-stream",
        body: `event: flagged\ndata: ${JSON.stringify({ study })}\n\n`,
      }),
    );
    await page.reload();
    await stage.part("picture").waitFor();
    await page.keyboard.press("Shift");
    await viewer.until(
      async () => (await notes()).some((note) => /Critical: Test, Oldest/.test(note)),
      "a notification",
    );
    await viewer.until(
      async () => /New: Test, Oldest/.test(await stage.part("news").innerText()),
      "the news above the list",
    );
    const [news, row] = [await stage.part("news").boundingBox(), await page.locator("tbody").last().boundingBox()];
    assert.ok(news!.y + news!.height <= row!.y, "no row is covered");
    await stage.viewer.screenshot("list-alerts");
    study = { ...study, reading: { reader: "Dr. Ash", since: study.flaggedAt } };
    await viewer.until(async () => (await notes()).includes("closed"), "the alert to end when somebody opens it");
    await viewer.until(async () => (await stage.part("news").innerText()) === "", "the news to go");
    study = { ...study, reading: null };
    await viewer.until(async () => (await tones()) >= 4, "a sound");
    await page.unroute("**/api/events");
    await stage.part("alerts").click();
    await viewer.until(async () => (await alerts()) === "Alerts off", "alerts to be off");
    await page.reload();
    await stage.part("picture").waitFor();
  });
});

test("German is spoken after a switch of OHIF's language", async () => {
  await stage.part("settings").click();
  await page.getByText("Preferences").click();
  await page.getByRole("combobox").first().click();
  await page.getByRole("option", { name: "German" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Zu beachten 7").waitFor();
  const rows = await viewer.rowsWhen((found) => found[0]!.includes("Score 97 von 100"));
  assert.match(rows[0]!, /Kritisch \| Score 97 von 100, kritisch ab 64 \| ICB \| Test, Oldest 76 J\. W/);
  assert.match(rows[2]!, /Nicht beurteilbar: 7 Schichten nicht gelesen/);
  assert.equal(await page.title(), "▲ 2 kritisch · Vigil");
  await preview().getByText("Schicht 16 von 30").waitFor();
  await stage.screenshots("list-german");
  assert.deepEqual(await axeFindings(), []);
});

test("nothing in our parts keeps people with a handicap out", async () => {
  await page.goto(`${stage.url}/?lng=en-US`);
  await stage.part("picture").waitFor();
  assert.deepEqual(await axeFindings(), []);
});

test("from a click in the list to the image", async (t) => {
  const begun = Date.now();
  await stage.part("preview-open").click();
  await viewer.waitForImage();
  t.diagnostic(`list to image: ${Date.now() - begun} ms`);
});

test("nothing went wrong in the browser along the way", () => {
  const ours = stage
    .problems()
    .filter((problem) => !/50[02]: |net::ERR_FAILED|request failed|console: null/.test(problem));
  assert.deepEqual(ours, []);
});
