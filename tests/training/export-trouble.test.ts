import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, beforeEach, suite, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Dataset } from "../../src/training/dataset/dataset.ts";
import { contentsOf, endedAfter, runExport } from "../support/exporting.ts";
import { TestPacs } from "../support/pacs.ts";
import { filesOf } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { tinyStudy } from "../support/tiny-studies.ts";
import { WatchedPacs } from "../support/watched-pacs.ts";

const STUDIES = 6;
const IMAGES = 8;

suite("an export in trouble", () => {
  let pacs: TestPacs;
  let watched: WatchedPacs;
  let out: string;

  before(async () => {
    pacs = await TestPacs.start();
    for (let i = 0; i < STUDIES; i++) await pacs.send(filesOf(tinyStudy(`Trouble ${i}`)));
    watched = await WatchedPacs.start(pacs.url);
  });
  after(async () => {
    watched.stop();
    await pacs.close();
  });
  beforeEach(() => {
    out = path.join(temporaryFolder(), "set");
    watched.answer = () => false;
    watched.rewrite = (_path, text) => text;
    watched.mostInFlight = 0;
    watched.asked.length = 0;
  });
  const from = () => ["--pacs", watched.dicomweb, "--query", "ModalitiesInStudy=CT"];
  const uid = (i: number) => tinyStudy(`Trouble ${i}`).studyInstanceUid;

  test("leaves a busy PACS alone for as long as it asks, then asks it one request at a time", async () => {
    let refused = 0;
    const refusedAt: number[] = [];
    let nextAt = Number.POSITIVE_INFINITY;
    watched.answer = (incoming, outgoing) => {
      const isRetrieval = /\/instances\//.test(incoming.url ?? "");
      if (isRetrieval && refused === 0) {
        refused += 1;
        refusedAt.push(performance.now());
        outgoing.writeHead(503, { "retry-after": "2" }).end();
        return true;
      }
      // What was under way already when it refused arrives within this time.
      if (refused === 1 && performance.now() > refusedAt[0]! + 500) nextAt = Math.min(nextAt, performance.now());
      return false;
    };
    const { code, stderr, result } = await runExport("--out", out, ...from(), "--requests", "2");
    assert.equal(code, 0, stderr);
    assert.equal(result.studies, STUDIES);
    assert.equal(result.load.busy, 1);
    assert.equal(watched.mostInFlight, 2);
    assert.ok(nextAt - refusedAt[0]! >= 1900, `it was asked again after ${Math.round(nextAt - refusedAt[0]!)} ms`);
  });

  test("waits for a PACS that goes away, and goes on when it is back", async () => {
    let away = false;
    watched.answer = (_incoming, outgoing) => {
      if (!away && watched.retrievals === 20) {
        away = true;
        setTimeout(() => {
          away = false;
        }, 1500);
      }
      if (away) outgoing.destroy();
      return away;
    };
    const { code, stderr, result } = await runExport("--out", out, ...from(), "--wait", "30");
    assert.equal(code, 0, stderr);
    assert.equal(result.studies, STUDIES);
    assert.deepEqual(result.skipped, []);
  });

  test("ends with 1 where the PACS does not come back; what is done stays and is not asked for again", async () => {
    watched.answer = (_incoming, outgoing) => {
      const isAway = watched.retrievals > 30;
      if (isAway) outgoing.destroy();
      return isAway;
    };
    const ended = await runExport("--out", out, ...from(), "--wait", "1");
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /waited for 1 s in vain.*give the same command again/);
    assert.ok(!existsSync(path.join(out, "dataset.json")));

    watched.answer = () => false;
    watched.asked.length = 0;
    const { result } = await runExport("--out", out, ...from());
    assert.equal(result.studies, STUDIES);
    assert.ok(watched.retrievals < STUDIES * IMAGES, `${watched.retrievals} images were asked for again`);
  });

  test("leaves out a study of which PACS and images do not agree, and says so", async () => {
    watched.rewrite = (where, text) => {
      if (!where.includes(uid(0)) || !where.includes("/metadata")) return text;
      return JSON.stringify(JSON.parse(text).slice(1));
    };
    watched.answer = (incoming, outgoing) => {
      const url = incoming.url ?? "";
      const isGone = url.includes(`${uid(1)}/series`) && /\/instances\/.*[02468]$/.test(url);
      if (isGone) outgoing.writeHead(404).end();
      return isGone;
    };
    const { code, result } = await runExport("--out", out, ...from());
    assert.equal(code, 0);
    const left = result.skipped.map(({ studyInstanceUid, reason }: { studyInstanceUid: string; reason: string }) => [
      studyInstanceUid,
      reason,
    ]);
    const expected = [uid(0), uid(1)].sort().map((study) => [study, "study-incomplete"]);
    assert.deepEqual(left, expected);
    const studies: string[] = [];
    for await (const { study } of (await Dataset.open(out)).studies()) studies.push(study);
    assert.equal(studies.length, STUDIES - 2);
    const files = Object.keys(contentsOf(out));
    assert.ok(!files.some((file) => file.includes(uid(0)) || file.includes(uid(1))), "nothing of them is left there");

    watched.rewrite = (_path, text) => text;
    watched.answer = () => false;
    assert.equal((await runExport("--out", out, ...from())).result.studies, STUDIES, "tried again the next time");
  });

  test("is ended by Ctrl-C, and given again goes on", async () => {
    const { code, stderr } = await endedAfter(2, "SIGINT", out, ...from());
    assert.equal(code, 1, stderr);
    assert.match(stderr, /the export was interrupted/);
    assert.equal((await runExport("--out", out, ...from())).result.studies, STUDIES);
  });

  test("is refused while another one writes to the folder", async () => {
    watched.answer = () => false;
    const first = runExport("--out", out, ...from(), "--rate", "0.2");
    while (!existsSync(out)) await delay(20);
    const second = await runExport("--out", out, ...from());
    assert.equal(second.code, 2);
    assert.match(second.stderr, /another export writes to/);
    assert.equal((await first).code, 0);
  });

  test("does not touch a data set of another version, or of another form", async () => {
    await runExport("--out", out, ...from());
    const other = await runExport("--out", out, ...from(), "--transfer-syntax", "decoded");
    assert.match(other.stderr, /holds images of another form \(chosen series, stored; now chosen series, decoded\)/);
    const named = await runExport("--out", out, ...from(), "--deidentify");
    assert.match(named.stderr, /were de-identified in another way, or not at all/);
    const manifest = path.join(out, "dataset.json");
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace('"format": 1', '"format": 7'));
    const { code, stderr } = await runExport("--out", out, ...from());
    assert.equal(code, 1);
    assert.match(stderr, /is a data set of another version; this Vigil reads 1/);
  });

  test("keeps the key out of the data set, and to its owner", async () => {
    const inside = await runExport("--out", out, ...from(), "--deidentify", "--key", path.join(out, "key"));
    assert.equal(inside.code, 2);
    assert.match(inside.stderr, /lies in the data set/);
    const key = path.join(temporaryFolder(), "key");
    const { code, stderr, result } = await runExport("--out", out, ...from(), "--deidentify", "--key", key);
    assert.equal(code, 0, stderr);
    assert.equal(statSync(key).mode & 0o777, 0o600);
    const texts = Object.keys(contentsOf(out)).map((file) => file + readFileSync(path.join(out, file), "latin1"));
    for (const name of ["Trouble", uid(0), readFileSync(key, "utf8").trim()])
      assert.ok(!texts.some((text) => text.includes(name)), `${name} is in the data set`);
    assert.equal(path.dirname(result.audit), out);
    const before = contentsOf(out);
    watched.asked.length = 0;
    await runExport("--out", out, ...from(), "--deidentify", "--key", key);
    assert.equal(watched.retrievals, 0);
    assert.deepEqual(contentsOf(out), before);
  });
});
