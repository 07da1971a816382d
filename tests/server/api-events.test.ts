import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HOOK_SECRET, TestApi } from "../support/api.ts";
import { EventStreamReader } from "../support/event-stream.ts";
import { TestPacs } from "../support/pacs.ts";
import { bleedingHeadStudy, filesOf } from "../support/studies.ts";

describe("The event stream", () => {
  let pacs: TestPacs;
  let api: TestApi;

  before(async () => {
    pacs = await TestPacs.start();
    api = await TestApi.start({ role: "all", pacs: [pacs.config()], hookSecret: HOOK_SECRET });
  });
  after(async () => {
    await api.stop();
    await pacs.close();
  });

  test("tells every reader how a study comes in, is flagged and reported", async () => {
    const readers = await Promise.all([EventStreamReader.open(api.url), EventStreamReader.open(api.url)]);
    const series = bleedingHeadStudy("events");
    await pacs.send(filesOf(series));
    await api.until(series.studyInstanceUid, ({ state }) => state === "reported");
    const isReported = (reader: EventStreamReader) =>
      reader.events.some((event) => event.type === "study-updated" && event.study.state === "reported");
    await api.until(series.studyInstanceUid, () => readers.every(isReported));
    for (const reader of readers) {
      const about = reader.events.filter((event) => "study" in event);
      assert.ok(about.every(({ study }) => study.studyInstanceUid === series.studyInstanceUid));
      const flagged = about.filter(({ type }) => type === "flagged");
      assert.deepEqual(
        flagged.map(({ study }) => study.flag),
        ["critical"],
      );
      assert.ok(reader.events.some(({ type }) => type === "queue"));
      reader.close();
    }
  });

  test("is never cached, compressed or held back, and says when to come back", async () => {
    const reader = await EventStreamReader.open(api.url);
    const { headers } = reader.response;
    assert.match(headers.get("content-type") ?? "", /^text\/event-stream/);
    assert.equal(headers.get("cache-control"), "no-store, no-transform");
    assert.equal(headers.get("content-encoding"), null);
    assert.equal(headers.get("x-accel-buffering"), "no");
    reader.close();
    const { status, text } = await api.send("head", "/api/events");
    assert.equal(status, 200);
    assert.ok(!text);
  });

  test("is ended when the service stops, so that nothing waits for its readers", async () => {
    const stopping = await TestApi.start();
    const readers = await Promise.all(Array.from({ length: 20 }, () => EventStreamReader.open(stopping.url)));
    await stopping.stop();
    await Promise.all(readers.map((reader) => reader.ended));
    for (const reader of readers) assert.equal(reader.text, "retry: 2000\n\n");
  });
});
