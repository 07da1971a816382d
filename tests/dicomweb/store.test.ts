import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { describe, test } from "node:test";
import { bodyParts } from "../../src/dicomweb/multipart.ts";
import { address, hasCode, pacsAt, uids, withServer } from "../support/lying-server.ts";
import { chestStudy, filesOf } from "../support/studies.ts";

const series = chestStudy("to be stored");
const file = filesOf(series)[0]!;
const { sopInstanceUid } = series.instances[0]!;

const items = (tag: string, ...sequence: object[]) => ({ [tag]: { vr: "SQ", Value: sequence } });
const failed = (reason: number) =>
  items("00081198", { ...uids({ "00081155": sopInstanceUid }), "00081197": { vr: "US", Value: [reason] } });
const stored = items("00081199", uids({ "00081155": sopInstanceUid }));

test("exactly the bytes of a file are stored, also when it is a piece of a larger buffer", async () => {
  // As a database driver hands it out: other data of the process lie around it.
  const sizes = [8, 16, 100].map((kib) => kib * 1024);
  const files = sizes.map((size) => {
    const pool = Buffer.alloc(size + 65_536, "secret");
    const piece = pool.subarray(4096, 4096 + size);
    piece.fill(0).set(file.subarray(0, size));
    return piece;
  });
  const received: Buffer[] = [];
  await withServer(
    async (request, response) => {
      const body = await buffer(request);
      received.push(...bodyParts(request.headers["content-type"] ?? "", body).map((part) => Buffer.from(part)));
      response.end(JSON.stringify(stored));
    },
    (url) => pacsAt(url).store(files),
  );
  assert.deepEqual(
    received.map((part) => part.length),
    sizes,
  );
  for (const [i, part] of received.entries()) assert.ok(part.equals(files[i]!));
});

describe("STOW-RS answers", () => {
  /** @param holds what a query tells afterwards */
  const storeAnswered = (status: number, body: string, holds: object[] = []) =>
    withServer(
      (request, response) => {
        request.resume();
        const isQuery = request.method === "GET" && !address(request).searchParams.has("offset");
        if (request.method === "GET") response.end(isQuery ? JSON.stringify(holds) : "[]");
        else response.writeHead(status).end(body);
      },
      (url) => pacsAt(url).store([file]),
    );
  const held = [uids({ "00080018": sopInstanceUid })];

  test("that name the instance as stored are believed", () => storeAnswered(200, JSON.stringify(stored)));

  test("count an instance that is held already as stored", () => storeAnswered(409, JSON.stringify(failed(0x0111))));

  test("that report a lack of space are worth another try", () =>
    assert.rejects(storeAnswered(409, JSON.stringify(failed(0xa700))), hasCode("pacs-busy")));

  test("that refuse the SOP class are final and name the instance", () =>
    assert.rejects(
      storeAnswered(202, JSON.stringify(failed(0x0122))),
      (error) => hasCode("pacs-refused")(error) && String(error).includes(`${sopInstanceUid}: Failure Reason 0x0122`),
    ));

  for (const [what, status, body] of [
    ["without a body", 200, ""],
    ["of no content", 204, ""],
    ["in XML", 200, "<NativeDicomModel/>"],
    ["that say nothing", 200, "{}"],
    ["that name another instance", 200, JSON.stringify(items("00081199", uids({ "00081155": "1.2.3" })))],
    ["of a conflict without details", 409, ""],
  ] as const) {
    test(`${what} are checked by asking for the instance`, async () => {
      await storeAnswered(status, body, held);
      await assert.rejects(storeAnswered(status, body), hasCode("pacs-answer-invalid"));
      await assert.rejects(
        storeAnswered(status, body, [uids({ "00080018": "1.2.3" })]),
        hasCode("pacs-answer-invalid"),
      );
    });
  }
});
