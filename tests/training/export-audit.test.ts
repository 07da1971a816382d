import assert from "node:assert/strict";
import path from "node:path";
import { after, before, suite, test } from "node:test";
import { runEntry } from "../support/command.ts";
import { runExport } from "../support/exporting.ts";
import { TestPacs } from "../support/pacs.ts";
import { plantedImage } from "../support/planted-objects.ts";
import { PEOPLE } from "../support/planted-people.ts";
import { filesOf, headStudy } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

suite("a de-identified export from a PACS", () => {
  let pacs: TestPacs;
  before(async () => {
    pacs = await TestPacs.start();
    for (const [i, person] of PEOPLE.slice(0, 2).entries()) {
      const images = filesOf(headStudy(`export audit ${i}`)).slice(0, 12);
      const planted = images.map(
        (image) => plantedImage(image, person, { study: "20240105", series: "20240105" }).bytes,
      );
      // Orthanc takes no file with something behind its end.
      await pacs.send(planted.map((bytes) => bytes.slice(0, -person.accession.length)));
    }
  });
  after(() => pacs.close());

  for (const form of ["stored", "decoded"])
    test(`passes its audit, ${form}`, async () => {
      const out = path.join(temporaryFolder(), "set");
      const key = path.join(temporaryFolder(), "key");
      const from = ["--pacs", `${pacs.url}/dicom-web`, "--query", "ModalitiesInStudy=CT", "--transfer-syntax", form];
      const { code, stderr, result } = await runExport(
        "--out",
        out,
        ...from,
        "--series",
        "all",
        "--deidentify",
        "--key",
        key,
      );
      assert.equal(code, 0, stderr);
      assert.equal(result.instances, 24);
      const audit = await runEntry("src/cli.ts", ["dataset", "audit", out, "--key", key, "--json"]);
      assert.deepEqual(JSON.parse(audit.stdout).findings, []);
      assert.equal(audit.code, 0, audit.stderr);
    });
});
