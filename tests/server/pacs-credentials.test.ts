import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { TestApi } from "../support/api.ts";
import { LyingPacs } from "../support/lying-pacs.ts";

const SECRET = /reader:|geheim|cmVhZGVyOmdlaGVpb/; // as they are, and as Basic encodes them

describe("Credentials in the address of a PACS", () => {
  let pacs: LyingPacs;
  let api: TestApi;
  before(async () => {
    pacs = await LyingPacs.start();
    const root = `http://reader:geheim@${pacs.host}`;
    api = await TestApi.start({ role: "all", pacs: [pacs.config({ dicomweb: `${root}/rs/`, orthanc: root })] });
  });
  after(async () => {
    await api.stop();
    pacs.close();
  });

  test("are sent to it, by the proxy, the health check and the watching", async () => {
    await api.send("get", "/pacs/studies").expect(200);
    await api.send("get", "/api/health/ready").expect(200);
    await api.untilLogged("orthanc-changes");
    assert.ok(pacs.arrived.some(({ url }) => url?.startsWith("/changes")));
    const sent = new Set(pacs.arrived.map(({ headers }) => headers.authorization));
    assert.deepEqual(sent, new Set([`Basic ${Buffer.from("reader:geheim").toString("base64")}`]));
  });

  test("are in no ready line, answer or log line, also when the PACS is of no use", async () => {
    assert.deepEqual(api.ready.pacs, [`http://${pacs.host}/rs`]);
    const answers: string[] = [];
    const ask = async (path: string) => {
      const { status, headers, text, body } = await api.send("get", path);
      answers.push(JSON.stringify({ status, headers, text, body }));
    };
    const paths = ["/api/health/ready", "/api/models", "/pacs/studies", "/pacs/studies/1.2/metadata", "/pacs/nothing"];
    for (const path of paths) await ask(path);
    for (const status of [302, 401, 404, 500]) {
      pacs.answer = (_incoming, outgoing) => {
        outgoing.writeHead(status, { location: `http://reader:geheim@${pacs.host}/elsewhere` }).end("<html>");
      };
      for (const path of paths) await ask(path);
    }
    pacs.close();
    for (const path of paths) await ask(path);
    await api.untilLogged("pacs-unreachable");
    for (const answer of answers) assert.doesNotMatch(answer, SECRET);
    assert.doesNotMatch(api.log, SECRET);
  });
});
