import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as tick } from "node:timers/promises";
import { SharedWork } from "../../src/triage/preview/shared-work.ts";

/** Work that ends when it is told to, and notes when it is broken off. */
function steps() {
  const begun: string[] = [];
  const broken: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (key: string) => (signal: AbortSignal) => {
    begun.push(key);
    return new Promise<string>((resolve, reject) => {
      ends.set(key, () => resolve(`made ${key}`));
      signal.addEventListener("abort", () => {
        broken.push(key);
        reject(signal.reason);
      });
    });
  };
  return { begun, broken, work, end: (key: string) => ends.get(key)!() };
}

const ALWAYS = new AbortController().signal;

describe("work that many ask for", () => {
  test("is done once for all who wait, and remembered", async () => {
    const shared = new SharedWork<string>({ atOnce: 2, mostKept: 2 });
    const { work, begun, end } = steps();
    const both = [shared.get("a", work("a"), ALWAYS), shared.get("a", work("a"), ALWAYS)];
    await tick();
    end("a");
    assert.deepEqual(await Promise.all(both), ["made a", "made a"]);
    assert.equal(await shared.get("a", work("a"), ALWAYS), "made a");
    assert.deepEqual(begun, ["a"]);
  });

  test("is forgotten when it was not asked for longest", async () => {
    const shared = new SharedWork<string>({ atOnce: 1, mostKept: 2 });
    const made: string[] = [];
    const get = (key: string) =>
      shared.get(
        key,
        async () => {
          made.push(key);
          return key;
        },
        ALWAYS,
      );
    for (const key of ["a", "b", "a", "c", "a", "b"]) await get(key);
    assert.deepEqual(made, ["a", "b", "c", "b"]);
    assert.equal(shared.counts.kept, 2);
  });

  test("is done a few at a time, and never begun for those who have left", async () => {
    const shared = new SharedWork<string>({ atOnce: 2, mostKept: 9 });
    const { work, begun, broken, end } = steps();
    const scrolledBy = new AbortController();
    const first = ["a", "b"].map((key) => shared.get(key, work(key), ALWAYS));
    const passed = ["c", "d"].map((key) => shared.get(key, work(key), scrolledBy.signal));
    const last = shared.get("e", work("e"), ALWAYS);
    await tick();
    assert.deepEqual([begun, shared.counts], [["a", "b"], { kept: 0, active: 2, waiting: 3 }]);
    scrolledBy.abort(new Error("left"));
    for (const one of passed) await assert.rejects(one, /left/);
    end("a");
    await tick();
    assert.deepEqual([begun, broken], [["a", "b", "e"], []]);
    end("b");
    end("e");
    assert.deepEqual(await Promise.all([...first, last]), ["made a", "made b", "made e"]);
    assert.deepEqual(shared.counts, { kept: 3, active: 0, waiting: 0 });
  });

  test("is broken off when nobody waits any more, not before, and can be asked for again", async () => {
    const shared = new SharedWork<string>({ atOnce: 1, mostKept: 9 });
    const { work, begun, broken, end } = steps();
    const leaving = [new AbortController(), new AbortController()];
    const waiting = leaving.map(({ signal }) => shared.get("a", work("a"), signal));
    await tick();
    leaving[0]!.abort(new Error("left"));
    await assert.rejects(waiting[0]!, /left/);
    assert.deepEqual(broken, []);
    leaving[1]!.abort(new Error("left too"));
    await assert.rejects(waiting[1]!, /left too/);
    assert.deepEqual(broken, ["a"]);
    const again = shared.get("a", work("a"), ALWAYS);
    await tick();
    end("a");
    assert.equal(await again, "made a");
    assert.deepEqual(begun, ["a", "a"]);
  });

  test("that failed is not remembered, and makes room for the next", async () => {
    const shared = new SharedWork<string>({ atOnce: 1, mostKept: 9 });
    const fail = () => Promise.reject(new Error("no PACS"));
    const both = [shared.get("a", fail, ALWAYS), shared.get("b", async () => "made b", ALWAYS)];
    await assert.rejects(both[0]!, /no PACS/);
    assert.equal(await both[1], "made b");
    assert.equal(await shared.get("a", async () => "made a", ALWAYS), "made a");
  });
});
