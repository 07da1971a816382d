import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Pacs } from "../../src/dicomweb/pacs.ts";
import { PacsStudySource } from "../../src/dicomweb/pacs-source.ts";
import { address, hasCode, pacsAt, uids, withServer } from "../support/lying-server.ts";
import { readSeries } from "../support/read-series.ts";
import { chestStudy } from "../support/studies.ts";

const series = chestStudy("retrieval");
const { studyInstanceUid, seriesInstanceUid } = series;
const files = new Map(series.instances.map(({ sopInstanceUid, bytes }) => [sopInstanceUid, bytes]));
const sopInstanceUids = [...files.keys()];
const [first, second] = sopInstanceUids as [string, string];
const path = { studyInstanceUid, seriesInstanceUid, sopInstanceUid: first };

type Answer = (uid: string, request: IncomingMessage, response: ServerResponse) => unknown;

function multipart(response: ServerResponse, ...parts: Uint8Array[]): void {
  response.writeHead(200, { "content-type": 'multipart/related; type="application/dicom"; boundary=b' });
  for (const part of parts) response.write(Buffer.concat([Buffer.from("\r\n--b\r\n\r\n"), part]));
  response.end("\r\n--b--");
}

const metadataOf = (uid: string) =>
  uids({ "0020000D": studyInstanceUid, "0020000E": seriesInstanceUid, "00080018": uid });

interface Lies {
  instance?: Answer;
  metadata?: unknown[];
  /** Number of Study and of Series Related Instances by QIDO-RS; absent = not told. */
  study?: number;
  series?: number;
}

/** A PACS that holds the series, with the given lies. */
async function withPacs(lies: Lies, act: (pacs: Pacs) => Promise<void>, settings = {}): Promise<void> {
  const count = (number: number | undefined) => (number === undefined ? {} : { vr: "IS", Value: [number] });
  const matches = {
    studies: { ...uids({ "0020000D": studyInstanceUid }), "00201208": count(lies.study) },
    series: { ...uids({ "0020000E": seriesInstanceUid }), "00201209": count(lies.series) },
  };
  await withServer(
    (request, response) => {
      const { pathname, searchParams } = address(request);
      const last = pathname.split("/").at(-1)!;
      const isLater = Number(searchParams.get("offset")) > 0;
      if (last === "studies" || last === "series") response.end(JSON.stringify(isLater ? [] : [matches[last]]));
      else if (last === "metadata") response.end(JSON.stringify(lies.metadata ?? sopInstanceUids.map(metadataOf)));
      else (lies.instance ?? ((uid, _, answer) => multipart(answer, files.get(uid)!)))(last, request, response);
    },
    (url) => act(pacsAt(url, settings)),
  );
}

async function readAll(pacs: Pacs): Promise<Uint8Array[]> {
  const found = [];
  const source = new PacsStudySource(pacs, studyInstanceUid);
  for await (const { bytes } of readSeries(source, seriesInstanceUid)) found.push(bytes);
  return found;
}

describe("an instance", () => {
  test("is asked for as it is stored, uncompressed on the way, in no other syntax", async () => {
    const asked: unknown[] = [];
    const instance: Answer = (uid, request, response) => {
      asked.push([request.headers.accept, request.headers["accept-encoding"]]);
      multipart(response, files.get(uid)!);
    };
    await withPacs({ instance }, async (pacs) => void (await readAll(pacs)));
    assert.equal(asked.length, files.size);
    for (const one of asked) {
      assert.deepEqual(one, ['multipart/related; type="application/dicom"; transfer-syntax=*', "identity"]);
    }
  });

  for (const [what, answer] of [
    [
      "by a single-part answer",
      (uid, response) => response.setHeader("content-type", "application/dicom").end(files.get(uid)),
    ],
    ["among several parts", (uid, response) => multipart(response, files.get(second)!, files.get(uid)!)],
  ] as [string, (uid: string, response: ServerResponse) => unknown][]) {
    test(`is found ${what}`, async () => {
      const instance: Answer = (uid, _, response) => answer(uid, response);
      await withPacs({ instance }, async (pacs) => {
        assert.ok(Buffer.from(files.get(first)!).equals(await pacs.retrieveInstance(path)));
      });
    });
  }

  for (const [what, answer, code] of [
    ["a broken connection", (response) => response.destroy(), "pacs-unreachable"],
    [
      "an answer cut off",
      (response) => response.writeHead(200, { "content-length": 9 }).write("x", () => response.destroy()),
      "pacs-unreachable",
    ],
    ["status 503", (response) => response.writeHead(503).end(), "pacs-busy"],
    [
      "a multipart without its end",
      (response) => response.setHeader("content-type", "multipart/related; boundary=b").end("--b\r\n\r\nDICM"),
      "pacs-answer-invalid",
    ],
    ["another instance", (response) => multipart(response, files.get(second)!), "pacs-answer-invalid"],
    ["a web page", (response) => response.end("<html>"), "pacs-answer-invalid"],
    ["an empty answer", (response) => response.end(), "pacs-answer-invalid"],
    ["status 404", (response) => response.writeHead(404).end(), "study-incomplete"],
  ] as [string, (response: ServerResponse) => unknown, string][]) {
    test(`is asked for again after ${what}, twice, and then given up`, async () => {
      let asked = 0;
      let goodFrom = 3;
      const instance: Answer = (uid, _, response) => {
        asked += 1;
        if (asked >= goodFrom) multipart(response, files.get(uid)!);
        else answer(response);
      };
      await withPacs({ instance }, async (pacs) => {
        assert.equal((await pacs.retrieveInstance(path)).length, files.get(first)!.length);
        assert.equal(asked, 3);
        [asked, goodFrom] = [0, 4];
        await assert.rejects(pacs.retrieveInstance(path), hasCode(code));
        assert.equal(asked, 3);
      });
    });
  }

  test("that is refused, or too large, is not asked for again", async () => {
    let asked = 0;
    const instance: Answer = (uid, _, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(406).end();
      else multipart(response, files.get(uid)!, Buffer.alloc(2 ** 20));
    };
    await withPacs(
      { instance },
      async (pacs) => {
        await assert.rejects(pacs.retrieveInstance(path), hasCode("pacs-refused"));
        await assert.rejects(pacs.retrieveInstance(path), hasCode("pacs-answer-too-large"));
      },
      { maxInstanceMiB: 1 },
    );
    assert.equal(asked, 2);
  });

  test("that is stored damaged is handed on for the decoder to judge", async () => {
    const damaged = Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), Buffer.alloc(50, 0xff)]);
    await withPacs({ instance: (_, __, response) => multipart(response, damaged) }, async (pacs) => {
      assert.ok(damaged.equals(await pacs.retrieveInstance(path)));
    });
  });

  test("is not waited for once the caller gives up, in a pause between two tries either", async () => {
    const stop = new AbortController();
    await withPacs({ instance: (_, __, response) => void response.writeHead(503).end() }, async (pacs) => {
      setTimeout(() => stop.abort(), 50);
      await assert.rejects(pacs.retrieveInstance(path, stop.signal), hasCode("interrupted"));
    });
  });
});

describe("a series", () => {
  test("is retrieved with as many requests in flight as the settings say", async () => {
    let [inFlight, most, expected] = [0, 0, 0];
    let allThere = Promise.withResolvers<void>();
    const instance: Answer = async (uid, _, response) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      if (inFlight >= expected) allThere.resolve();
      await Promise.race([allThere.promise, delay(5000, undefined, { ref: false })]);
      inFlight -= 1;
      multipart(response, files.get(uid)!);
    };
    for (const parallelRetrievals of [1, 4, 8]) {
      [most, expected, allThere] = [0, parallelRetrievals, Promise.withResolvers<void>()];
      await withPacs({ instance }, async (pacs) => void (await readAll(pacs)), { parallelRetrievals });
      assert.equal(most, parallelRetrievals);
    }
  });

  test("is asked for no further than it is read", async () => {
    let asked = 0;
    const instance: Answer = (uid, _, response) => {
      asked += 1;
      multipart(response, files.get(uid)!);
    };
    await withPacs({ instance }, async (pacs) => {
      for await (const _ of readSeries(new PacsStudySource(pacs, studyInstanceUid), seriesInstanceUid)) {
        await delay(50);
        break;
      }
      assert.equal(asked, 5);
    });
  });

  test("of which one instance never comes is not read as if it were whole", async () => {
    const instance: Answer = (uid, _, response) =>
      uid === sopInstanceUids.at(-1) ? response.destroy() : multipart(response, files.get(uid)!);
    await withPacs({ instance }, (pacs) => assert.rejects(readAll(pacs), hasCode("pacs-unreachable")));
  });

  test("arrives whole and each instance once, even if it is listed twice", async () => {
    const metadata = [...sopInstanceUids, ...sopInstanceUids].map(metadataOf);
    await withPacs({ metadata }, async (pacs) => {
      const source = new PacsStudySource(pacs, studyInstanceUid);
      assert.equal((await source.listInstances()).length, files.size);
      assert.equal((await readAll(pacs)).length, files.size);
    });
  });
});

describe("the list of a study's instances", () => {
  const list = async (lies: Lies) => {
    let found = 0;
    let notSeen: (string | null)[] = [];
    await withPacs(lies, async (pacs) => {
      const source = new PacsStudySource(pacs, studyInstanceUid);
      found = (await source.listInstances()).length;
      notSeen = source.warnings.map((one) => one.notSeen);
    });
    return { found, notSeen };
  };
  const all = files.size;

  test("is incomplete when QIDO-RS tells of more, for the study or for one of its series", async () => {
    const metadata = sopInstanceUids.slice(0, 3).map(metadataOf);
    for (const lies of [{ study: all }, { series: all }]) {
      await assert.rejects(
        list({ ...lies, metadata }),
        (error) =>
          hasCode("study-incomplete")(error) && String(error).includes(`${all}`) && String(error).includes(" of 3"),
      );
    }
    await assert.rejects(
      list({ study: all, metadata: sopInstanceUids.map(() => metadataOf(first)) }),
      hasCode("study-incomplete"),
    );
  });

  test("may be longer than QIDO-RS tells, or not told of at all", async () => {
    for (const lies of [{ study: 3, series: 3 }, { study: all, series: all }, {}]) {
      assert.deepEqual(await list(lies), { found: all, notSeen: [] });
    }
  });

  test("leaves out what cannot be read and says so", async () => {
    const broken = { "00080018": { vr: "UI", Value: [5] } };
    const metadata = [...sopInstanceUids.slice(1).map(metadataOf), broken];
    assert.deepEqual(await list({ metadata, study: all, series: all }), {
      found: all - 1,
      notSeen: ["1 image not readable"],
    });
    assert.deepEqual((await list({ metadata: [...metadata, null, "x"] })).notSeen, ["3 images not readable"]);
  });

  test("is not believed when nothing in it can be read, when it is none, or of another study", async () => {
    await assert.rejects(list({ metadata: [{}, null] }), hasCode("pacs-answer-invalid"));
    const foreign = uids({ "0020000D": "1.2.3", "0020000E": seriesInstanceUid, "00080018": first });
    await assert.rejects(list({ metadata: [metadataOf(second), foreign] }), hasCode("pacs-answer-invalid"));
    await withServer(
      (request, response) => response.end(address(request).pathname.endsWith("metadata") ? '{"a":1}' : "[]"),
      (url) => assert.rejects(pacsAt(url).studyHeaders("1.2"), hasCode("pacs-answer-invalid")),
    );
  });

  test("is read where the PACS refuses to be queried", async () => {
    await withServer(
      (request, response) => {
        const isMetadata = address(request).pathname.endsWith("metadata");
        if (isMetadata) response.end(JSON.stringify(sopInstanceUids.map(metadataOf)));
        else response.writeHead(501).end();
      },
      async (url) => {
        const source = new PacsStudySource(pacsAt(url), studyInstanceUid);
        assert.equal((await source.listInstances()).length, all);
      },
    );
  });
});
