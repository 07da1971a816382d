import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Feedback, feedbackPageSchema, feedbackQuerySchema } from "../../src/contract/feedback.ts";
import { VigilError } from "../../src/errors.ts";
import { failStudy } from "../../src/store/work.ts";
import { findListedStudy } from "../../src/store/worklist.ts";
import { addFeedback, feedbackPage, takeBackFeedback } from "../../src/triage/feedback.ts";
import { studyResource } from "../../src/triage/study-resource.ts";
import { readOf } from "../../src/triage/worklist.ts";
import { onEachDatabase, saveScored } from "../support/store.ts";

const ACCEPT = { decision: "accept", label: "any", reader: "Dr Ada" } as const satisfies Feedback;
const REJECT = { ...ACCEPT, decision: "reject" } as const;
const CRITICAL = {
  key: "bleed",
  findings: { any: { presence: "present" }, subdural: { presence: "present" } },
} as const;

onEachDatabase("an answer", (store) => {
  const answer = (uid: string, feedback: Feedback) => addFeedback(store.db, uid, feedback);
  const readState = async (uid: string) => {
    const read = readOf((await findListedStudy(store.db, uid))!);
    return read && `${read.decision} by ${read.reader}`;
  };
  const history = async (uid: string) =>
    (await studyResource(store.db, uid))!.feedback.map(
      ({ decision, label, reader, withdrawnAt }) =>
        `${reader}: ${decision} ${label}${withdrawnAt === null ? "" : ", withdrawn"}`,
    );
  const exported = async (query: object = {}) => {
    const page = await feedbackPage(store.db, feedbackQuerySchema.parse(query));
    return feedbackPageSchema.parse(page).items;
  };

  describe("makes a study read", () => {
    test("by whoever gave it, and a second click is no second answer", async () => {
      const { uid, result } = await saveScored(store.db, CRITICAL);
      const finding = result.findings.find(({ label }) => label === "any")!;
      const first = await answer(uid, { ...ACCEPT, findingId: finding.id });
      const second = await answer(uid, { ...ACCEPT, findingId: finding.id });
      assert.deepEqual([first.isNew, second.isNew, second.feedback.id], [true, false, first.feedback.id]);
      assert.equal(await readState(uid), "agreed by Dr Ada");
      assert.equal((await answer(uid, { ...ACCEPT, reader: "Dr Bo" })).isNew, true);
      assert.equal(await readState(uid), "agreed by Dr Bo");
    });

    test("sent several times at once it is kept once", async () => {
      const { uid } = await saveScored(store.db, CRITICAL);
      const all = await Promise.all([1, 2, 3].map(() => answer(uid, ACCEPT)));
      assert.equal(all.filter(({ isNew }) => isNew).length, 1);
      assert.equal((await history(uid)).length, 1);
    });

    test("until it is taken back; nothing is erased, and taking it back twice changes nothing", async () => {
      const { uid } = await saveScored(store.db, CRITICAL);
      const { feedback } = await answer(uid, ACCEPT);
      const withdrawn = await takeBackFeedback(store.db, uid, feedback.id);
      assert.notEqual(withdrawn.withdrawnAt, null);
      assert.deepEqual(await takeBackFeedback(store.db, uid, feedback.id), withdrawn);
      assert.equal(await readState(uid), null);
      assert.deepEqual(await history(uid), ["Dr Ada: accept any, withdrawn"]);
      assert.equal((await answer(uid, ACCEPT)).isNew, true);
      assert.equal(await readState(uid), "agreed by Dr Ada");
    });

    test("as what it says of any haemorrhage, whatever it says of the kind later", async () => {
      const { uid } = await saveScored(store.db, CRITICAL);
      await answer(uid, { ...REJECT, label: "subdural" });
      await answer(uid, { ...ACCEPT, decision: "add", label: "epidural" });
      assert.equal(await readState(uid), "disagreed by Dr Ada");
      await answer(uid, ACCEPT);
      assert.equal(await readState(uid), "agreed by Dr Ada");
      await answer(uid, { ...REJECT, label: "intraventricular" });
      assert.equal(await readState(uid), "agreed by Dr Ada");
    });

    test("as a change of mind leaves it: one answer of one reader on one label stands", async () => {
      const { uid } = await saveScored(store.db, CRITICAL);
      await answer(uid, ACCEPT);
      await answer(uid, { ...ACCEPT, reader: "Dr Bo" });
      await answer(uid, REJECT);
      assert.equal(await readState(uid), "disagreed by Dr Ada");
      assert.deepEqual(await history(uid), [
        "Dr Ada: accept any, withdrawn",
        "Dr Bo: accept any",
        "Dr Ada: reject any",
      ]);
    });

    test("that was called negative, by an agreement as by a bleed that was missed", async () => {
      const { uid } = await saveScored(store.db, { key: "negative" });
      await answer(uid, REJECT);
      assert.equal(await readState(uid), "agreed by Dr Ada");
      await answer(uid, { ...ACCEPT, decision: "add" });
      assert.equal(await readState(uid), "disagreed by Dr Ada");
    });

    test("not when it was given to an earlier result, which keeps it in the history", async () => {
      const { uid } = await saveScored(store.db, CRITICAL);
      await answer(uid, ACCEPT);
      await saveScored(store.db, { ...CRITICAL, contentHash: "with late slices" });
      assert.equal(await readState(uid), null);
      assert.deepEqual(
        (await studyResource(store.db, uid))!.feedback.map(({ toPresentResult }) => toPresentResult),
        [false],
      );
      assert.equal((await answer(uid, ACCEPT)).isNew, true);
      assert.equal(await readState(uid), "agreed by Dr Ada");
    });

    test("not when the same images were scored again since: what it says may be another", async () => {
      const { uid } = await saveScored(store.db, CRITICAL);
      await answer(uid, ACCEPT);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await saveScored(store.db, CRITICAL);
      assert.equal(await readState(uid), null);
      assert.equal((await answer(uid, ACCEPT)).isNew, true);
    });

    test("not when a later score failed: nobody has seen the new images", async () => {
      const { uid } = await saveScored(store.db, CRITICAL);
      await answer(uid, ACCEPT);
      await failStudy(store.db, uid, 1, new VigilError("dicom-unreadable", "no DICOM"));
      assert.equal(await readState(uid), null);
      await answer(uid, ACCEPT);
      assert.equal(await readState(uid), "agreed by Dr Ada");
    });
  });

  describe("is refused", () => {
    test("on what is not there", async () => {
      const { uid, result } = await saveScored(store.db, CRITICAL);
      const { id } = result.findings.find(({ label }) => label === "subdural")!;
      await assert.rejects(answer("1.2.3", ACCEPT), { code: "not-found" });
      await assert.rejects(answer(uid, { ...ACCEPT, findingId: "other" }), { code: "not-found" });
      await assert.rejects(answer(uid, { ...ACCEPT, findingId: id }), { code: "not-found" });
      await assert.rejects(takeBackFeedback(store.db, uid, "1x"), { code: "not-found" });
    });

    test("when it accepts what nobody said", async () => {
      const { uid } = await saveScored(store.db, { key: "empty", result: { findings: [] } });
      await assert.rejects(answer(uid, ACCEPT), { code: "request-invalid" });
      await answer(uid, REJECT);
      assert.equal(await readState(uid), "agreed by Dr Ada");
    });
  });

  describe("is exported", () => {
    test("as a label, with what was said when it was given", async () => {
      const { uid, result } = await saveScored(store.db, CRITICAL);
      const { sopInstanceUid, seriesInstanceUid } = result.slices[3]!;
      await answer(uid, { ...ACCEPT, sopInstanceUid, comment: "thin" });
      await saveScored(store.db, { key: "bleed", contentHash: "later and negative" });
      const [record] = await exported();
      const { id, at, ...rest } = record!;
      assert.ok(Date.parse(at) <= Date.now());
      assert.match(id, /^\d+$/);
      assert.deepEqual(rest, {
        studyInstanceUid: uid,
        patientId: "P0001",
        seriesInstanceUid,
        sopInstanceUid,
        label: "any",
        decision: "accept",
        present: true,
        reader: "Dr Ada",
        withdrawnAt: null,
        comment: "thin",
        flag: "critical",
        probability: 0.97,
        model: { name: "ich-lite", version: "0.2.0" },
        contentHash: "0".repeat(64),
      });
    });

    test("as absent or present, whichever the reader means", async () => {
      const { uid } = await saveScored(store.db, {
        key: "unsure",
        findings: { any: { presence: "undetermined" }, subdural: { presence: "undetermined" } },
      });
      await answer(uid, ACCEPT);
      await answer(uid, { ...ACCEPT, label: "epidural" });
      await answer(uid, { ...REJECT, label: "subdural" });
      await answer(uid, { ...ACCEPT, decision: "add", label: "subarachnoid" });
      assert.deepEqual(
        (await exported()).map(({ label, present }) => `${label} ${present}`),
        ["any true", "epidural false", "subdural false", "subarachnoid true"],
      );
    });

    test("again when it is withdrawn, page by page, and for a time that was asked for", async () => {
      const { uid } = await saveScored(store.db, CRITICAL);
      const given: string[] = [];
      for (const label of ["any", "subdural", "epidural", "intraventricular"] as const) {
        given.push((await answer(uid, { ...ACCEPT, label })).feedback.id);
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
      const { withdrawnAt } = await takeBackFeedback(store.db, uid, given[1]!);
      const order = [given[0]!, given[2]!, given[3]!, given[1]!];
      const paged: string[] = [];
      let cursor: string | null = null;
      do {
        const query = feedbackQuerySchema.parse({ limit: 3, ...(cursor === null ? {} : { cursor }) });
        const page: Awaited<ReturnType<typeof feedbackPage>> = await feedbackPage(store.db, query);
        paged.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      assert.deepEqual(paged, order);
      assert.deepEqual(
        (await exported({ since: withdrawnAt! })).map(({ id, withdrawnAt: at }) => [id, at]),
        [[given[1], withdrawnAt]],
      );
      assert.deepEqual(
        (await exported({ until: withdrawnAt! })).map(({ id }) => id),
        [given[0], given[2], given[3]],
      );
    });
  });
});
