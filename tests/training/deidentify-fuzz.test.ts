import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { parsePart10 } from "../../src/dicom/part10.ts";
import { auditObject } from "../../src/training/export/deidentify/audit-object.ts";
import { deidentify } from "../../src/training/export/deidentify/deidentify.ts";
import { Pseudonyms } from "../../src/training/export/deidentify/pseudonyms.ts";
import { mutated, type Original, originals, randomNumbers, SOURCES } from "../support/mutations.ts";
import { type PlantedObject, plantedImage } from "../support/planted-objects.ts";
import { PEOPLE } from "../support/planted-people.ts";
import { needs } from "../support/shared-data.ts";
import { tracesOf } from "../support/traces.ts";

const pseudonyms = new Pseudonyms(Buffer.alloc(32, 5));
const ROUNDS = Number(process.env.VIGIL_FUZZ_ROUNDS ?? 600);

interface Planted extends PlantedObject {
  original: Original;
  traces: Buffer[];
}

/** Real files of many encodings, each with what is hidden in it. */
function plantedOriginals(): Planted[] {
  return originals().flatMap((original, i) => {
    try {
      const planted = plantedImage(original.bytes, PEOPLE[i % PEOPLE.length]!, {
        study: "20240105",
        series: "20240105",
      });
      const traces = new Map(
        planted.plants.flatMap(({ value }) => tracesOf(value)).map((it) => [it.toString("hex"), it]),
      );
      const { elements } = parsePart10(planted.bytes, "planted");
      const listed = Object.values(elements).filter(({ tag }) => tag !== "x7fe00010");
      return [
        { ...planted, original: { ...original, bytes: planted.bytes, elements: listed }, traces: [...traces.values()] },
      ];
    } catch {
      return [];
    }
  });
}

suite("damaged files of people", needs(...SOURCES), () => {
  let planted: Planted[];
  before(() => {
    planted = plantedOriginals();
  });

  test("are left out with a reason, or hold no name and no number any more", () => {
    assert.ok(planted.length >= 30, `${planted.length} files`);
    const random = randomNumbers(Number(process.env.VIGIL_FUZZ_SEED ?? 20_240_901));
    const reasons = new Map<string, number>();
    const failures: string[] = [];
    let kept = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { original, traces } = planted[random(planted.length)]!;
      const { bytes, damage } = mutated(original, random);
      const result = deidentify(bytes, pseudonyms);
      if ("leftOut" in result) {
        reasons.set(result.leftOut, (reasons.get(result.leftOut) ?? 0) + 1);
        continue;
      }
      kept++;
      const haystack = Buffer.from(result.bytes);
      const left = traces.find((trace) => haystack.includes(trace));
      if (left !== undefined) failures.push(`round ${round}, ${original.name}, ${damage}: ${left.toString("hex")}`);
      const findings = auditObject(result.bytes);
      if (findings.length > 0) failures.push(`round ${round}, ${original.name}, ${damage}: ${findings[0]}`);
    }
    assert.deepEqual(failures.slice(0, 20), []);
    assert.ok(kept > ROUNDS / 10, `only ${kept} of ${ROUNDS} were kept: ${JSON.stringify([...reasons])}`);
    assert.ok(reasons.size > 3);
  });
});
