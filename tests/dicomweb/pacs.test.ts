import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Pacs } from "../../src/dicomweb/pacs.ts";
import { PacsStudySource } from "../../src/dicomweb/pacs-source.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import { chestPhantom } from "../../src/phantom/phantoms.ts";
import { freePort } from "../../src/setup/ports.ts";
import { hasCode, pacsAt, withServer } from "../support/lying-server.ts";
import { TestPacs } from "../support/pacs.ts";
import { readSeries } from "../support/read-series.ts";

const series = ctSeries(chestPhantom(), {
  studyKey: "dicomweb test",
  patientName: "Παπαδόπουλος^Νίκος",
  patientId: "G1",
  studyDescription: "CT chest",
});
const files = series.instances.map((instance) => instance.bytes);

describe("a PACS over DICOMweb", () => {
  let orthanc: TestPacs;
  let pacs: Pacs;

  before(async () => {
    orthanc = await TestPacs.start();
    pacs = orthanc.client();
    await orthanc.send(files);
  });
  after(() => orthanc.close());

  test("is searched for studies by modality and day", async () => {
    const today = new Date();
    const [study] = await pacs.searchStudies({ modality: "CT", studyDateFrom: "20200101" });
    assert.equal(study?.attributes.studyInstanceUid, series.studyInstanceUid);
    assert.equal(study?.instances, files.length);
    const tomorrow = new Date(today.getTime() + 2 * 86_400_000).toISOString().slice(0, 10).replaceAll("-", "");
    assert.deepEqual(await pacs.searchStudies({ modality: "CT", studyDateFrom: tomorrow }), []);
    assert.deepEqual(await pacs.searchStudies({ modality: "MR" }), []);
  });

  test("names a study with its patient, in any script", async () => {
    const study = await pacs.findStudy(series.studyInstanceUid);
    assert.equal(study?.attributes.patientName, "Παπαδόπουλος^Νίκος");
    assert.equal(study?.attributes.studyDescription, "CT chest");
    assert.equal(await pacs.findStudy("1.2.3.4"), undefined);
  });

  test("lists the headers of a study's instances", async () => {
    const headers = await new PacsStudySource(pacs, series.studyInstanceUid).listInstances();
    assert.deepEqual(
      headers.map((header) => header.sopInstanceUid).sort(),
      series.instances.map((instance) => instance.sopInstanceUid).sort(),
    );
    assert.equal(headers[0]?.rows, 256);
    assert.deepEqual(headers[0]?.imageOrientation, [1, 0, 0, 0, 1, 0]);
  });

  test("gives back every instance of a series with its pixels", async () => {
    const found = [];
    for await (const instance of readSeries(
      new PacsStudySource(pacs, series.studyInstanceUid),
      series.seriesInstanceUid,
    )) {
      assert.equal(Buffer.from(instance.bytes).toString("latin1", 128, 132), "DICM");
      assert.ok(instance.bytes.length > 256 * 256 * 2);
      found.push(instance);
    }
    assert.equal(found.length, files.length);
  });

  test("lets a series be left half-way", async () => {
    let read = 0;
    for await (const _ of readSeries(new PacsStudySource(pacs, series.studyInstanceUid), series.seriesInstanceUid)) {
      read += 1;
      if (read === 2) break;
    }
    assert.equal(read, 2);
  });

  test("stores the same instance twice as one", async () => {
    const copy = ctSeries(chestPhantom(), {
      studyKey: "stored twice",
      patientName: "Twice^Tom",
      patientId: "T2",
      studyDescription: "CT chest",
    });
    const [first] = copy.instances;
    assert.equal(await pacs.hasInstance(copy.studyInstanceUid, first!.sopInstanceUid), false);
    await pacs.store([first!.bytes]);
    await pacs.store([first!.bytes]);
    assert.equal(await pacs.hasInstance(copy.studyInstanceUid, first!.sopInstanceUid), true);
    assert.equal((await pacs.findStudy(copy.studyInstanceUid))?.instances, 1);
  });

  test("says which file it does not store", async () => {
    await assert.rejects(
      pacs.store([new TextEncoder().encode("no DICOM at all")]),
      hasCode("pacs-busy", "pacs-refused"),
    );
  });

  test("does not know a study that it does not hold", async () => {
    await assert.rejects(pacs.studyHeaders("1.2.3.4"), hasCode("study-not-in-pacs"));
  });

  test("is given up when the caller gives up", async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(pacs.studyHeaders(series.studyInstanceUid, signal), hasCode("interrupted"));
  });
});

describe("a PACS that does not work", () => {
  test("that is not there is unreachable", async () => {
    const pacs = pacsAt(`http://127.0.0.1:${await freePort()}/dicom-web`);
    await assert.rejects(pacs.ping(), hasCode("pacs-unreachable"));
  });

  for (const [status, code] of [
    [401, "pacs-unauthorized"],
    [403, "pacs-unauthorized"],
    [400, "pacs-refused"],
    [404, "pacs-refused"],
    [429, "pacs-busy"],
    [500, "pacs-busy"],
    [503, "pacs-busy"],
  ] as const) {
    test(`that answers ${status} to a search is reported as ${code}`, async () => {
      await withServer(
        (_, response) => response.writeHead(status).end(),
        (url) => assert.rejects(pacsAt(url).ping(), hasCode(code)),
      );
    });
  }

  test("that stays silent times out", async () => {
    await withServer(
      () => {},
      (url) => assert.rejects(pacsAt(url).ping(), hasCode("pacs-timeout")),
    );
  });

  test("that breaks off in the middle of an answer is unreachable", async () => {
    await withServer(
      (_, response) => {
        response.writeHead(200, { "content-length": "1000" }).write("[");
        setTimeout(() => response.destroy(), 50);
      },
      (url) => assert.rejects(pacsAt(url).ping(), hasCode("pacs-unreachable")),
    );
  });

  for (const body of ["<html>Welcome</html>", '{"not": "a list"}', '[{"0020000D": 5}]']) {
    test(`that answers a search with ${body} is not believed`, async () => {
      await withServer(
        (_, response) => response.end(body),
        (url) => assert.rejects(pacsAt(url).ping(), hasCode("pacs-answer-invalid")),
      );
    });
  }
});

test("credentials and configured headers go with every request", async () => {
  const seen: (string | undefined)[] = [];
  await withServer(
    (request, response) => {
      seen.push(
        request.headers.authorization,
        request.headers["x-tenant"] as string,
        request.headers["accept-encoding"] as string,
      );
      response.end("[]");
    },
    (url) => pacsAt(url, { username: "vigil", password: "s3cret", headers: { "x-tenant": "north" } }).ping(),
  );
  assert.deepEqual(seen, [`Basic ${Buffer.from("vigil:s3cret").toString("base64")}`, "north", "identity"]);
});
