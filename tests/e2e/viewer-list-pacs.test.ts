import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page, Route } from "playwright-core";
import { ListStage } from "../support/list-stage.ts";
import type { ViewerPage } from "../support/viewer-page.ts";

let stage: ListStage;
let page: Page;
let viewer: ViewerPage;

before(async () => {
  stage = await ListStage.open();
  ({ page, viewer } = stage);
  await viewer.openList();
});

after(() => stage?.close());

describe("the whole PACS", () => {
  test("is asked page by page, past the first hundred", async () => {
    const one = {
      "0020000D": { vr: "UI", Value: ["1.2"] },
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Many^One" }] },
    };
    const all = Array.from({ length: 350 }, (_, i) => ({ ...one, "0020000D": { vr: "UI", Value: [`1.2.3.${i}`] } }));
    await page.route("**/pacs/studies?**", (route) => {
      const query = new URL(route.request().url()).searchParams;
      // As a PACS that gives no more than a hundred at once.
      const from = Number(query.get("offset") ?? 0);
      return route.fulfill({ json: all.slice(from, from + 100) });
    });
    await stage.group("pacs").click();
    await page.getByText("1-50 of 350").waitFor();
    await page.unroute("**/pacs/studies?**");
  });

  test("that answers some queries with 500 empties nothing, and it is said", async () => {
    let queries = 0;
    const some = (route: Route) => (++queries > 1 ? route.fulfill({ status: 500, body: "made up" }) : route.continue());
    await page.route("**/pacs/studies?**", some);
    await stage.group("pacs").click();
    await viewer.until(
      async () =>
        /did not answer every query: of its studies 3 are shown/.test(await stage.part("list-notice").innerText()),
      "the notice",
    );
    assert.equal((await viewer.rows()).length, 3);
    await page.unroute("**/pacs/studies?**");
  });

  test("is searched by the PACS itself", async () => {
    await stage.group("pacs").click();
    await page.keyboard.press("/");
    await page.keyboard.type("oldest");
    const rows = await viewer.rowsWhen((found) => found.length === 1);
    assert.match(rows[0]!, /Oldest/);
    await page.keyboard.press("Escape");
    await stage.group("all").click();
    await viewer.rowsWhen((found) => found.length === 50);
  });
});
