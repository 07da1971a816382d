import assert from "node:assert/strict";
import { test } from "node:test";
import { WorkerPool, type WorkerPoolOptions } from "../src/worker-pool.ts";
import type { FragileRequest } from "./support/fragile-worker.ts";

const script = new URL("./support/fragile-worker.ts", import.meta.url);

function options(changes: Partial<WorkerPoolOptions<string>> = {}): WorkerPoolOptions<string> {
  return {
    script,
    size: 1,
    purpose: "the work",
    failureCode: "inference-failed",
    workerData: (first) => ({ nth: first === undefined ? "first" : "later" }),
    ...changes,
  };
}

const TERMINABLE = { terminable: true, failureCode: "dicom-unreadable" } as const;

async function withPool(
  size: number,
  use: (pool: WorkerPool<FragileRequest, number, string>) => Promise<void>,
  changes: Partial<WorkerPoolOptions<string>> = {},
): Promise<void> {
  const pool = await WorkerPool.start<FragileRequest, number, string>(options({ size, ...changes }));
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

test("another thread is started only when it pays", async () => {
  const threadsFor = async (growsAfterMs: number, request: FragileRequest) => {
    let threads = 0;
    const workerData = () => ({ nth: String(++threads) });
    await withPool(2, async (pool) => void (await Promise.all([1, 2, 3].map(() => pool.run(request, [])))), {
      growsAfterMs,
      workerData,
    });
    return threads;
  };
  assert.equal(await threadsFor(60_000, { do: "answer" }), 1);
  assert.equal(await threadsFor(50, { do: "wait" }), 2);
});

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
  const pool = await WorkerPool.start<FragileRequest, number, string>(options());
  const open = [pool.run({ do: "wait" }, []), pool.run({ do: "answer" }, [])];
  const ended = Promise.all(open.map((request) => assert.rejects(request, { code: "interrupted" })));
  await pool.stop();
  await ended;
  await assert.rejects(pool.run({ do: "answer" }, []), { code: "interrupted" });
});

test("a pool whose thread refuses to start does not start, with the thread's reason", async () => {
  const refused = WorkerPool.start(options({ workerData: () => ({ refuse: true }) }));
  await assert.rejects(refused, { code: "model-invalid", message: "no such model" });
  const missing = WorkerPool.start(options({ script: new URL("./no-such-file.ts", script) }));
  await assert.rejects(missing, { code: "inference-failed" });
});

test("a request that takes too long ends with its thread; the others are answered by a new one", () =>
  withPool(
    1,
    async (pool) => {
      const limits = { deadlineMs: 300, subject: "a.dcm" };
      const hanging = pool.run({ do: "hang" }, [], undefined, limits);
      const waiting = pool.run({ do: "answer", value: 3 }, [], undefined, { deadlineMs: 10_000 });
      await assert.rejects(hanging, {
        code: "dicom-unreadable",
        message: "a.dcm: its thread ended: not done after 0.3 s",
      });
      assert.equal(await waiting, 6);
      assert.equal(await pool.run({ do: "answer", value: 4 }, [], undefined, limits), 8);
    },
    TERMINABLE,
  ));

test("a request that takes all memory of its thread ends with it", () =>
  withPool(
    1,
    async (pool) => {
      const hoarding = pool.run({ do: "hoard" }, [], undefined, { subject: "a.dcm" });
      await assert.rejects(hoarding, { code: "dicom-unreadable", message: /^a\.dcm: its thread ended: .*memory/ });
      assert.equal(await pool.run({ do: "answer", value: 4 }, []), 8);
    },
    { ...TERMINABLE, resourceLimits: { maxOldGenerationSizeMb: 32 } },
  ));

test("a thread's error keeps its code", () =>
  withPool(1, async (pool) => {
    const refused = pool.run({ do: "fail", code: "pixels-unsupported" }, []);
    await assert.rejects(refused, { code: "pixels-unsupported", message: "cannot do that" });
  }));

test("stopping a pool of terminable threads does not wait for one that hangs", async () => {
  const pool = await WorkerPool.start<FragileRequest, number, string>(options(TERMINABLE));
  const ended = assert.rejects(pool.run({ do: "hang" }, []), { code: "interrupted" });
  const stoppedAt = performance.now();
  await pool.stop();
  await ended;
  assert.ok(performance.now() - stoppedAt < 5000);
});

test("a request that cannot be handed over fails alone", () =>
  withPool(1, async (pool) => {
    const { buffer } = new Uint8Array(8);
    structuredClone(buffer, { transfer: [buffer] });
    await assert.rejects(pool.run({ do: "answer" }, [buffer]), { code: "internal" });
    assert.equal(await pool.run({ do: "answer", value: 4 }, []), 8);
  }));
