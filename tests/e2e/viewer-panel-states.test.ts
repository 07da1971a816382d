import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { StudyResource } from "../../src/contract/study.ts";
import { filesOf } from "../support/studies.ts";
import { ViewerStage } from "../support/viewer-stage.ts";
import { priorStudy, stranger, today, todayStudy } from "../viewer/made-panel.ts";

/** What the panel says when there is no verdict, or when it may be old, in the real viewer. The tests follow each other. */

let stage: ViewerStage;

before(async () => {
  stage = await ViewerStage.open([today, stranger].flatMap(filesOf), [todayStudy]);
  stage.login = "Dr. Login";
});

after(() => stage?.close());

describe("a study without a verdict", () => {
  test("that Vigil does not know says so", async () => {
    await stage.page.goto(`${stage.url}/vigil?StudyInstanceUIDs=${stranger.studyInstanceUid}`);
    await stage.part("no-study").waitFor();
    assert.match(await stage.panelText(), /does not know this study: there is no verdict.*without it/s);
    assert.doesNotMatch(await stage.panelText(), /bleed|likely|Agree/i);
    await stage.screenshots("unknown");
  });

  test("that waits shows how far it is", async () => {
    const pending = { ...todayStudy, flag: "pending", state: "scoring", probabilities: null, findings: [], slices: [] };
    await stage.change(today.studyInstanceUid, { ...pending, model: null, provider: null } as unknown as StudyResource);
    await stage.viewer.openStudy(today.studyInstanceUid);
    await stage.part("verdict").getByText("Scoring").waitFor();
    assert.equal(await stage.part("there-any").count(), 0);
    await stage.screenshots("pending");
  });

  test("gets it by itself, and says that it is new", async () => {
    stage.results.set(today.studyInstanceUid, todayStudy);
    await stage
      .part("notice-new-result")
      .getByText(/New result at \d\d:\d\d\./)
      .waitFor();
    assert.match(await stage.part("verdict").innerText(), /Haemorrhage likely/);
  });
});

describe("a result that is no longer what it was", () => {
  test("keeps a critical one when scoring again fails, says why, and can be asked for again", async () => {
    const error = { code: "pacs-unreachable", message: "the PACS did not answer within 30 s" };
    await stage.change(today.studyInstanceUid, { ...todayStudy, state: "failed", error });
    await stage
      .part("notice-failed")
      .getByText(/Re-score failed: the PACS did not answer within 30 s/)
      .waitFor();
    assert.match(await stage.part("verdict").innerText(), /Haemorrhage likely\s+score 99/);
    assert.match(await stage.part("overlay-badge").innerText(), /critical .* re-score failed/);
    await stage.screenshots("failed");
    await stage.part("rescore").click();
    await stage.viewer.until(async () => stage.rescored.length === 1, "the request");
    assert.deepEqual(stage.rescored, [today.studyInstanceUid]);
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
    await stage.change(today.studyInstanceUid, second);
    await stage
      .part("notice-new-result")
      .getByText(/Before: Critical.*score 99 of 100/)
      .waitFor();
    assert.match(await stage.part("verdict").innerText(), /No bleed found\s+score 35/);
    await stage.screenshots("replaced");
    await stage.page.getByRole("button", { name: "Seen" }).click();
    await stage.part("notice-new-result").waitFor({ state: "hidden" });
  });

  test("calls no study free of blood whose last score failed", async () => {
    const error = { code: "pacs-unreachable", message: "the PACS did not answer within 30 s" };
    await stage.change(today.studyInstanceUid, {
      ...priorStudy,
      studyInstanceUid: today.studyInstanceUid,
      state: "failed",
      error,
    });
    await stage.part("verdict").getByText("Haemorrhage undetermined").waitFor();
    assert.doesNotMatch(await stage.panelText(), /no bleed found/i);
  });

  test("names the slices that came since, and loads them with one key", async () => {
    const [first] = todayStudy.slices;
    const later = Array.from({ length: 19 }, (_, i) => ({
      ...first!,
      sopInstanceUid: `${first!.sopInstanceUid}.${i}`,
      positionMm: 150 + 5 * i,
    }));
    await stage.change(today.studyInstanceUid, {
      ...todayStudy,
      slices: [...todayStudy.slices, ...later],
    } as StudyResource);
    await stage.part("notice-new-images").getByText("New images: 19").waitFor();
    assert.match(await stage.part("slices-unloaded").innerText(), /slices 31–49/);
    assert.equal(await stage.page.locator(".vigil-slice-unloaded").count(), 19);
    await stage.screenshots("grown");
    await Promise.all([stage.page.waitForEvent("load"), stage.page.keyboard.press("u")]);
    await stage.change(today.studyInstanceUid, todayStudy);
    await stage.viewer.waitForImage();
  });

  test("says when the PACS has lost the study, until it has it again", async () => {
    const query = /\/pacs\/studies\?StudyInstanceUID=[^&]*&limit=1$/;
    await stage.page.route(query, (route) => route.fulfill({ json: [] }));
    await stage.change(today.studyInstanceUid, todayStudy);
    await stage
      .part("notice-gone-from-pacs")
      .getByText(/no longer holds this study/)
      .waitFor();
    await stage.page.unroute(query);
    await stage.change(today.studyInstanceUid, todayStudy);
    await stage.part("notice-gone-from-pacs").waitFor({ state: "hidden" });
  });

  test("shows no verdict once the study is deleted", async () => {
    await stage.change(today.studyInstanceUid, undefined);
    await stage.part("no-study").waitFor();
    assert.match(await stage.panelText(), /deleted in Vigil: its verdict no longer stands/);
    assert.doesNotMatch(await stage.panelText(), /likely|Agree/);
    assert.equal(await stage.part("overlay-badge").count(), 0);
    await stage.screenshots("deleted");
    stage.results.set(today.studyInstanceUid, todayStudy);
    await stage.part("retry").click();
    await stage.part("verdict").waitFor();
  });
});

test("a service that is gone is said at once, and so is that it is back", async () => {
  await stage.stopService();
  await stage
    .part("notice-not-live")
    .getByText(/Not live since \d\d:\d\d/)
    .waitFor();
  assert.match(await stage.part("verdict").innerText(), /Haemorrhage likely/);
  await stage.part("retry").click();
  await stage.part("retry-problem").getByText("cannot be reached").waitFor();
  await stage.part("there-any").click();
  await stage.part("notice-not-kept").getByText("Not kept: Vigil cannot be reached").waitFor();
  assert.equal(await stage.part("there-any").getAttribute("aria-pressed"), "false");
  await stage.screenshots("not-live");
  await stage.startService();
  await stage.part("notice-not-live").waitFor({ state: "hidden" });
  await stage.part("answer-again").click();
  await stage.page.locator("[data-cy=vigil-there-any][aria-pressed=true]").waitFor();
  assert.equal(await stage.part("notice-not-kept").count(), 0);
});

test("nothing of ours went wrong in the browser along the way", () => {
  assert.deepEqual(stage.ourProblems(), []);
});
