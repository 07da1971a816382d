import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page, Route } from "playwright-core";
import type { WorklistPage } from "../../src/contract/worklist.ts";
import { ListStage } from "../support/list-stage.ts";
import type { ViewerPage } from "../support/viewer-page.ts";

/** A list of many studies, few of which matter: none of these may be overlooked. The tests follow each other. */

let stage: ListStage;
let page: Page;
let viewer: ViewerPage;

const group = (name: string) => stage.group(name);
const selected = () => stage.selected();
const screenshots = (name: string) => stage.screenshots(name);

before(async () => {
  stage = await ListStage.open();
  ({ page, viewer } = stage);
});

after(() => stage?.close());

describe("a list of three hundred studies", () => {
  test("begins with what needs attention, however long ago it arrived", async () => {
    await viewer.openList();
    const rows = await viewer.rowsWhen((found) => found.length === 50 && found[0]!.includes("Oldest"));
    assert.match(
      rows[0]!,
      /Critical \| score 97 of 100, critical from 64 \| IPH \| Test, Oldest 76 y F \| 2 d \| . \| CT Head w\/o contrast/,
    );
    assert.match(rows[1]!, /Critical \| score 71 of 100, critical from 64 \| kind uncertain \| Test, Uncertain/);
    assert.match(rows[2]!, /Undetermined: 7 slices not read and 1 more/);
    for (const row of rows.slice(3, 7))
      assert.match(row, /Not analysed: contrast series only.*Unnamed, ID angio \d F/s);
    for (const row of rows.slice(7, 9)) assert.match(row, /Failed\s+no slice could be decoded: JPEG data end early/);
    assert.match(rows[9]!, /Waiting for images/);
    assert.equal(await page.title(), "▲ 2 critical · Vigil");
    await screenshots("list");
  });

  test("counts its groups, and shows one of them at a click", async () => {
    const names = ["attention", "waiting", "negative", "not-analysed", "failed", "all"];
    const counts = await Promise.all(names.map((name) => group(name).innerText()));
    assert.deepEqual(counts, [
      "Needs attention 7",
      "Waiting 9",
      "No bleed found 281",
      "Not analysed 3",
      "Failed 2",
      "All 302",
    ]);
    await group("attention").click();
    await viewer.rowsWhen((found) => found.length === 7);
    assert.equal(await group("attention").getAttribute("aria-pressed"), "true");
    await screenshots("list-attention");
    await group("failed").click();
    const failed = await viewer.rowsWhen((found) => found.length === 2);
    assert.match(failed[0]!, /Failed\s+no slice could be decoded: JPEG data end early/);
    await group("not-analysed").click();
    const notAnalysed = await viewer.rowsWhen((found) => found.length === 3);
    assert.match(notAnalysed[0]!, /Not analysed: no head CT series/);
    await group("all").click();
    await viewer.rowsWhen((found) => found.length === 50);
  });

  test("is searched as a whole from the keyboard", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("negative 17");
    const rows = await viewer.rowsWhen((found) => found.length === 13);
    assert.ok(rows.every((row) => /Test, Negative \d?17/.test(row)));
    await viewer.until(async () => /Negative \d?17/.test(await selected().innerText()), "a found study to be chosen");
    await page.keyboard.press("Escape");
    await viewer.rowsWhen((found) => found.length === 50);
  });

  test("is walked through with the arrow keys, on to the next page", async () => {
    await viewer.openList();
    await viewer.rowsWhen((found) => found.length === 50);
    assert.match(await selected().innerText(), /Oldest/, "the first one is chosen");
    await page.keyboard.press("ArrowDown");
    assert.match(await selected().innerText(), /Uncertain/);
    for (let i = 2; i < 51; i++) await page.keyboard.press("ArrowDown");
    await page.getByText("51-100 of 302").waitFor();
    await selected().waitFor();
    const place = await selected().boundingBox();
    assert.ok(place !== null && place.y > 0 && place.y < 900, "the selected row is on the screen");
  });

  test("keeps selection, page and place while studies come in", async () => {
    const uid = () => selected().locator("[data-cy^=vigil-row-]").getAttribute("data-cy");
    const top = async () => (await selected().locator("xpath=..").boundingBox())?.y ?? 0;
    for (let i = 0; i < 28; i++) await page.keyboard.press("ArrowDown");
    await viewer.until(async () => (await top()) < 0, "the list to scroll");
    await page.waitForTimeout(300);
    const before = [await uid(), await top()];
    const answer = await fetch(`${stage.url}/api/hooks/orthanc`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-vigil-secret": ListStage.hookSecret },
      body: JSON.stringify({ event: "stable-study", studyInstanceUid: stage.unknownToVigil.studyInstanceUid }),
    });
    assert.equal(answer.status, 202);
    await page.getByText("All 303").waitFor();
    await page.getByText("51-100 of 303").waitFor();
    assert.deepEqual([await uid(), await top()], before);
  });

  test("shows a group from its first page on, wherever the reader was", async () => {
    await group("attention").click();
    await viewer.rowsWhen((found) => found.length === 7);
    await page.getByText("1-7 of 7").waitFor();
  });

  test("opens the chosen study with Enter, and its answer moves it behind the unread ones", async () => {
    await page.evaluate(`localStorage.setItem("vigilReader", "Dr. Cedar")`);
    await viewer.openList();
    await viewer.rowsWhen((found) => found.length === 50);
    assert.match(await selected().innerText(), /Oldest/);
    await page.keyboard.press("Enter");
    await viewer.waitForImage();
    assert.equal(new URL(page.url()).searchParams.get("StudyInstanceUIDs"), stage.oldest.studyInstanceUid);
    await viewer.waitForDrawn();
    await page.keyboard.press("a");
    await page.locator("[data-cy=vigil-there-any][aria-pressed=true]").waitFor();
    await page.locator("[data-cy=return-to-work-list]").click();
    const rows = await viewer.rowsWhen((found) => found.length === 50 && found[0]!.includes("Uncertain"));
    assert.ok(!rows.some((row) => row.includes("Oldest")), "it has sunk");
    assert.equal(await page.title(), "▲ 1 critical · Vigil");
    assert.equal(await group("read").innerText(), "Read 1");
    await group("read").click();
    const [read] = await viewer.rowsWhen((found) => found.length === 1);
    assert.match(read!, /Critical\s+✓ agreed by Dr\. Cedar/);
    await group("all").click();
    await viewer.rowsWhen((found) => found.length === 50);
  });

  test("says when filters keep studies off the screen", async () => {
    await page.locator("[data-filter-row] input").nth(3).fill("oldest");
    await viewer.rowsWhen((found) => found.length === 1);
    await page.getByText("302 hidden by the filters below: show").click();
    await viewer.rowsWhen((found) => found.length === 50);
  });
});

test("what the PACS itself holds is a click away, whether Vigil knows it or not", async () => {
  await group("pacs").click();
  const rows = await viewer.rowsWhen((found) => found.length === 3);
  assert.ok(rows.some((row) => row.includes("Oldest")));
  await screenshots("list-pacs");
  await group("all").click();
  await viewer.rowsWhen((found) => found.length === 50);
});

test("nothing went wrong in the browser along the way", () => {
  assert.deepEqual(stage.problems(), []);
});

test("five thousand studies are all there, page by page, whatever their order", async () => {
  const answer = await fetch(`${stage.url}/api/worklist?limit=1&flagged=false`);
  const [negative] = ((await answer.json()) as WorklistPage).items;
  const items = Array.from({ length: 5000 }, (_, i) => ({
    ...negative!,
    studyInstanceUid: `1.2.3.${i}`,
    patientName: `Test^Row ${i}`,
    group: i === 4999 ? "attention" : "negative",
    ...(i === 4999 && {
      flag: "critical",
      rank: 0,
      probability: 0.9,
      threshold: 0.6,
      state: "reported",
      patientName: "Test^Last",
    }),
  }));
  await page.route("**/api/worklist*", (route) => {
    const query = new URL(route.request().url()).searchParams;
    const [from, limit] = [Number(query.get("cursor")), Number(query.get("limit"))];
    const nextCursor = from + limit < items.length ? String(from + limit) : null;
    return route.fulfill({ json: { items: items.slice(from, from + limit), nextCursor } });
  });
  await viewer.openList();
  const rows = await viewer.rowsWhen((found) => found.length === 50 && found[0]!.includes("Last"));
  assert.match(rows[0]!, /Critical \| score 90 of 100, critical from 60 \| kind uncertain \| Test, Last/);
  assert.equal(await group("all").innerText(), "All 5000");
  await group("attention").click();
  await viewer.rowsWhen((found) => found.length === 1);
  await group("all").click();
  await page.unroute("**/api/worklist*");
});

describe("when something fails, the list is never empty", () => {
  const notice = () => page.locator("[data-cy=vigil-list-notice]").innerText();
  const fail = (route: Route) => route.fulfill({ status: 500, body: "made up" });

  test("the PACS: the studies that Vigil knows stay", async () => {
    await page.route("**/pacs/studies?**", fail);
    await viewer.openList();
    await viewer.rowsWhen((found) => found.length === 50);
    await group("pacs").click();
    await viewer.until(async () => /The PACS does not answer/.test(await notice()), "the notice");
    await viewer.rowsWhen((found) => found.length === 50);
    await screenshots("list-pacs-fails");
    await page.route("**/pacs/studies/*/series?**", fail);
    await page.keyboard.press("ArrowDown");
    await selected().waitFor();
    assert.equal((await viewer.rows()).length, 50);
    await page.unroute("**/pacs/studies/*/series?**");
    await page.unroute("**/pacs/studies?**");
  });

  test("Vigil's work list: the PACS's own list, until it is there again", async () => {
    await page.route("**/api/worklist*", fail);
    await page.goto(stage.url);
    await viewer.until(async () => /in no order of urgency/.test(await notice()), "the notice");
    await viewer.rowsWhen((found) => found.length === 3);
    await page.unroute("**/api/worklist*");
    await viewer.rowsWhen((found) => found.length === 50);
    assert.equal(await notice(), "");
  });

  test("Vigil's part of the viewer: OHIF's own list", async () => {
    await page.route("**/vigil/extension.js", fail);
    await page.goto(stage.url);
    await page.getByText("1-3 of 3").waitFor();
  });
});
