import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { z } from "zod";
import { vrOfTag } from "../../src/dicom/value-representation.ts";
import { deidentify } from "../../src/training/export/deidentify/deidentify.ts";
import { PROFILE, profileRow } from "../../src/training/export/deidentify/profile.ts";
import { Pseudonyms } from "../../src/training/export/deidentify/pseudonyms.ts";
import { raw, withElements } from "../support/planted-objects.ts";
import { pythonWith } from "../support/python-packages.ts";
import { headStudy } from "../support/studies.ts";

const pseudonyms = new Pseudonyms(Buffer.alloc(32, 3));

/** PyPI's dicom-anonymizer has the same table, by action; the recipe of PyPI's deid removes private and other elements. */
const SCRIPT = `
import importlib, json, os, re
import deid.data
import dicomanonymizer.dicom_anonymization_databases.dicomfields_2026c as table
from pydicom.datadict import tag_for_keyword
actions = {}
for name in dir(table):
    if name.endswith("_TAGS") and name != "ALL_TAGS":
        for tag in getattr(table, name):
            if len(tag) == 2:
                actions["x%04x%04x" % tag] = name[:-5].replace("U_STAR", "U*").replace("_", "/")
recipe = open(os.path.join(os.path.dirname(deid.data.__file__), "deid.dicom")).read()
changed = {}
for action, keyword in re.findall(r"^(REMOVE|BLANK|REPLACE|JITTER) (\\w+)", recipe, re.M):
    tag = tag_for_keyword(keyword)
    if tag is not None:
        changed["x%08x" % tag] = action
print(json.dumps({"actions": actions, "recipe": changed}))
`;

const answerSchema = z.object({ actions: z.record(z.string(), z.string()), recipe: z.record(z.string(), z.string()) });

function secondOpinions(python: string) {
  const { stdout, status, stderr } = spawnSync(python, ["-c", SCRIPT], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return answerSchema.parse(JSON.parse(stdout));
}

const python = pythonWith("deidentify", "dicom-anonymizer==2.1.0", "deid==0.4.13", "setuptools");
const options =
  python === null && process.env.CI !== "true" ? { skip: "dicom-anonymizer and deid cannot be installed" } : {};

test(
  "every attribute that dicom-anonymizer changes is in the table, with the same action of the Basic Profile",
  options,
  () => {
    const { actions } = secondOpinions(python!);
    assert.ok(Object.keys(actions).length > 640);
    const others = Object.entries(actions).filter(([tag, action]) => profileRow(tag)?.basic !== action);
    assert.deepEqual(others, []);
    // It writes what repeats as masks.
    const ours = PROFILE.map(({ tag }) => `x${tag}`).filter((tag) => actions[tag] === undefined);
    assert.deepEqual(ours, ["x50xxxxxx", "x60xx3000", "x60xx4000"]);
  },
);

test("of every attribute that deid's recipe takes away, no name is left here either", options, () => {
  const { recipe } = secondOpinions(python!);
  assert.ok(Object.keys(recipe).length > 5);
  const [image] = headStudy("second opinion").instances;
  const survivors = Object.keys(recipe).filter((tag) => {
    const vr = vrOfTag(tag, false);
    const value = vr === "SQ" ? [[raw("x00080104", "LO", "Quentin Rosengasse")]] : "Quentin Rosengasse";
    const result = deidentify(withElements(image!.bytes, [raw(tag, vr, value)]), pseudonyms);
    return "bytes" in result && /quentin|rosengasse/i.test(Buffer.from(result.bytes).toString("latin1"));
  });
  assert.deepEqual(survivors, []);
});

test("the table has every kind of row, each once, and no date, name or UID that is merely kept", () => {
  assert.equal(new Set(PROFILE.map(({ tag }) => tag)).size, PROFILE.length);
  assert.equal(PROFILE.length, 655);
  const kept = PROFILE.filter(({ treatment }) => treatment === "keep").map(({ tag }) => vrOfTag(`x${tag}`, false));
  for (const vr of ["DA", "DT", "PN"]) assert.ok(!kept.includes(vr), vr);
});
