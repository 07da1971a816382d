import assert from "node:assert/strict";
import { test } from "node:test";
import { WorkerPool } from "../src/worker-pool.ts";
import type { FragileRequest } from "./support/fragile-worker.ts";

const script = new URL("./support/fragile-worker.ts", import.meta.url);

async function withPool(
  size: number,
  use: (pool: WorkerPool<FragileRequest, number, string>) => Promise<void>,
): Promise<void> {
  const workerData = (first?: string) => ({ nth: first === undefined ? "first" : "later" });
  const pool = await WorkerPool.start<FragileRequest, number, string>({ script, size, workerData });
  try {
    await use(pool);
  } finally {
    await pool.stop();
  }
}

test("requests are answered, more of them than there are threads", () =>
  withPool(2, async (pool) => {
    assert.equal(pool.ready, "first");
    const answers = await Promise.all([1, 2, 3, 4, 5].map((value) => pool.run({ do: "answer", value }, [])));
    assert.deepEqual(answers, [2, 4, 6, 8, 10]);
  }));

test("a request that fails leaves the thread at work", () =>
  withPool(1, async (pool) => {
    await assert.rejects(pool.run({ do: "fail" }, []), { code: "inference-failed", message: "cannot do that" });
    assert.equal(await pool.run({ do: "answer", value: 4 }, []), 8);
  }));

test("a thread that dies fails its request only, and is replaced", () =>
  withPool(1, async (pool) => {
    const dying = pool.run({ do: "die" }, []);
    const waiting = pool.run({ do: "answer", value: 1 }, []);
    await assert.rejects(dying, { code: "inference-failed", message: /ended: exit code 7/ });
    assert.equal(await waiting, 2);
    assert.equal(await pool.run({ do: "answer", value: 2 }, []), 4);
  }));

test("an aborted request ends at once, whether it waits or runs", () =>
  withPool(1, async (pool) => {
    const controller = new AbortController();
    const running = pool.run({ do: "wait" }, [], controller.signal);
    const waiting = pool.run({ do: "answer" }, [], controller.signal);
    controller.abort();
    await assert.rejects(running, { code: "interrupted" });
    await assert.rejects(waiting, { code: "interrupted" });
    await assert.rejects(pool.run({ do: "answer" }, [], controller.signal), { code: "interrupted" });
  }));

test("stopping ends what waits and runs, and takes nothing more", async () => {
  const pool = await WorkerPool.start<FragileRequest, number, string>({ script, size: 1, workerData: () => ({}) });
  const open = [pool.run({ do: "wait" }, []), pool.run({ do: "answer" }, [])];
  const ended = Promise.all(open.map((request) => assert.rejects(request, { code: "interrupted" })));
  await pool.stop();
  await ended;
  await assert.rejects(pool.run({ do: "answer" }, []), { code: "interrupted" });
});

test("a pool whose thread refuses to start does not start, with the thread's reason", async () => {
  const refused = WorkerPool.start({ script, size: 1, workerData: () => ({ refuse: true }) });
  await assert.rejects(refused, { code: "model-invalid", message: "no such model" });
  const missing = WorkerPool.start({ script: new URL("./no-such-file.ts", script), size: 1, workerData: () => ({}) });
  await assert.rejects(missing, { code: "inference-failed" });
});
