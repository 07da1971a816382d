import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { describe, test } from "node:test";
import { TestApi } from "../support/api.ts";
import { LyingPacs } from "../support/lying-pacs.ts";
import { getRaw } from "../support/raw-http.ts";

const LAN = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === "IPv4" && !address.internal)?.address;

describe("Where nobody signs in, a service", () => {
  test("does not listen for other machines unless it is told to", async () => {
    for (const host of ["0.0.0.0", "::", "::ffff:127.0.0.1", "10.1.2.3", "vigil.example", "", ...(LAN ? [LAN] : [])]) {
      await assert.rejects(TestApi.start({ server: { host } }), (error: { code?: string; message?: string }) => {
        assert.equal(error.code, "config-invalid");
        assert.match(error.message ?? "", /server\.allowOpen/);
        return true;
      });
    }
  });

  test("listens on loopback as it always did", async () => {
    for (const host of ["localhost", "127.0.0.2", "::1"]) {
      const api = await TestApi.start({ server: { host } });
      assert.equal((await api.send("get", "/api/health/live")).status, 200);
      await api.stop();
    }
  });

  test("that is told to says so in its log, and tells the address that is true", async () => {
    const api = await TestApi.start({ server: { host: "0.0.0.0", allowOpen: true } });
    try {
      assert.match(api.url, /^http:\/\/0\.0\.0\.0:\d+$/);
      assert.match(api.log, /"level":"warn".*allowOpen: everyone/);
      const { host } = new URL(api.url);
      assert.equal((await getRaw(api.url, "/api/health/live", { host })).status, 200);
      assert.equal((await getRaw(api.url, "/api/health/live", { host: "10.1.2.3" })).status, 403);
    } finally {
      await api.stop();
    }
  });
});

test("credentials in the address of a PACS are used, and neither told nor logged", async () => {
  const pacs = await LyingPacs.start();
  const { host } = pacs;
  const dicomweb = `http://vigil:geheim@${host}/rs`;
  const api = await TestApi.start({ pacs: [pacs.config({ dicomweb })] });
  try {
    const { text, body } = await api.send("get", "/api/health/ready");
    assert.equal(body.checks[1].ok, true);
    await getRaw(api.url, "/pacs/studies");
    const expected = `Basic ${Buffer.from("vigil:geheim").toString("base64")}`;
    assert.ok(pacs.arrived.length >= 2);
    for (const { headers } of pacs.arrived) assert.equal(headers.authorization, expected);
    pacs.close();
    const lost = await api.send("get", "/api/health/ready");
    assert.deepEqual(api.ready.pacs, [`http://${host}/rs`]);
    for (const said of [text, lost.text, api.log]) assert.doesNotMatch(said, /geheim|vigil:/);
  } finally {
    await api.stop();
  }
});
