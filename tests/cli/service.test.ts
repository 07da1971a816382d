import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { type RunningVigil, startVigil } from "../../src/app.ts";
import { type Config, configSchema } from "../../src/config.ts";
import { VigilError } from "../../src/errors.ts";
import { createLogger } from "../../src/log.ts";

const logger = createLogger("silent");
const NOBODY = "http://127.0.0.1:9/dicom-web";

describe("The service", () => {
  const dir = mkdtempSync(path.join(tmpdir(), "vigil-service-"));
  after(() => rmSync(dir, { recursive: true }));
  const config = (server: Partial<Config["server"]> = {}): Config =>
    configSchema.parse({ data: { dir }, pacs: [{ dicomweb: NOBODY }], server: { port: 0, ...server } });

  test("starts without its PACS, says what it is, and that it is not ready for all its work", async () => {
    const vigil = await startVigil({ config: config(), role: "all", logger });
    try {
      const { url, ...rest } = vigil.ready;
      assert.equal(url, vigil.url);
      assert.deepEqual(rest, {
        ready: true,
        pacs: [NOBODY],
        provider: "cpu",
        model: { name: "ich-lite", version: rest.model?.version },
      });
      const answer = await fetch(`${url}/api/health/ready`);
      assert.equal(answer.status, 503);
      const { ready, checks } = (await answer.json()) as { ready: boolean; checks: { name: string; ok: boolean }[] };
      assert.equal(ready, false);
      assert.deepEqual(
        checks.filter(({ ok }) => !ok).map(({ name }) => name),
        ["pacs pacs"],
      );
      assert.equal((await fetch(`${url}/api/health/live`)).status, 200);
    } finally {
      await vigil.stop();
    }
  });

  test("lets everything go when it stops, however often, and starts again on the same data", async () => {
    const first = await startVigil({ config: config(), role: "api", logger });
    await Promise.all([first.stop(), first.stop()]);
    await first.stop();
    await assert.rejects(fetch(`${first.url}/api/health/live`));
    const again = await startVigil({ config: config({ port: Number(new URL(first.url).port) }), role: "api", logger });
    assert.equal(again.url, first.url);
    await again.stop();
  });

  test("says which setting to change when its port is taken, and lets go of what it had begun", async () => {
    const other = mkdtempSync(path.join(tmpdir(), "vigil-service-"));
    let holder: RunningVigil | undefined;
    try {
      holder = await startVigil({ config: { ...config(), data: { dir: other } }, role: "api", logger });
      const port = Number(new URL(holder.url).port);
      const taken = startVigil({ config: config({ port }), role: "api", logger });
      await assert.rejects(taken, (error) => {
        assert.ok(error instanceof VigilError);
        assert.equal(error.code, "config-invalid");
        assert.match(error.message, new RegExp(`server\\.port.*${port}|${port}.*server\\.port`));
        return true;
      });
      // Its database is free again.
      await (await startVigil({ config: config(), role: "api", logger })).stop();
    } finally {
      await holder?.stop();
      rmSync(other, { recursive: true });
    }
  });
});
