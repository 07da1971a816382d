import assert from "node:assert/strict";
import { test } from "node:test";
import { InstanceReader, type InstanceReaderOptions } from "../../src/dicom/instance-reader.ts";
import { readSlices } from "../../src/dicom/slice.ts";
import { ctImage } from "../support/ct-image.ts";
import { deflated } from "../support/hostile-dicom.ts";
import { headStudy } from "../support/studies.ts";

async function withReader(use: (reader: InstanceReader) => Promise<void>, options?: InstanceReaderOptions) {
  const reader = await InstanceReader.start(options);
  try {
    await use(reader);
  } finally {
    await reader.stop();
  }
}

test("instances read in threads are the same images as read here", () =>
  withReader(async (reader) => {
    const instances = headStudy("reader").instances.slice(0, 6);
    const expected = await Promise.all(instances.map(({ bytes }) => readSlices({ bytes, file: "a.dcm" })));
    const read = await Promise.all(instances.map(({ bytes }) => reader.read({ bytes: bytes.slice(), file: "a.dcm" })));
    assert.deepEqual(read, expected);
  }));

test("the bytes of an instance move to its thread, those of its neighbours in the same buffer do not", () =>
  withReader(async (reader) => {
    const image = ctImage([0, 1024, 2048, 3072]);
    const alone = image.slice();
    const both = new Uint8Array(image.length * 2);
    both.set(image);
    both.set(image, image.length);
    const parts = [both.subarray(0, image.length), both.subarray(image.length)];
    for (const bytes of [alone, ...parts]) {
      const [slice] = await reader.read({ bytes, file: null });
      assert.deepEqual([...slice!.hu], [-1024, 0, 1024, 2048]);
    }
    assert.equal(alone.length, 0);
    assert.equal(both.length, image.length * 2);
  }));

test("an instance that cannot be read is named with its code, and the next one is read", () =>
  withReader(
    async (reader) => {
      const broken = reader.read({ bytes: ctImage([0, 0, 0, 0]).slice(0, 500), file: "broken.dcm" });
      const colour = reader.read({ bytes: ctImage([0, 0, 0, 0], { SamplesPerPixel: 3 }), file: "colour.dcm" });
      const whole = reader.read({ bytes: ctImage([0, 0, 0, 0]), file: "whole.dcm" });
      await assert.rejects(broken, { code: "dicom-unreadable", message: /broken\.dcm/ });
      await assert.rejects(colour, { code: "pixels-unsupported", message: /colour\.dcm/ });
      assert.equal((await whole).length, 1);
    },
    { threads: 1 },
  ));

test("an instance that takes longer than its deadline ends there", () =>
  withReader(
    async (reader) => {
      const slow = reader.read({ bytes: deflated(new Uint8Array(120_000_000)), file: "slow.dcm" });
      await assert.rejects(slow, { code: "dicom-unreadable", message: /^slow\.dcm: its thread ended: not done after/ });
    },
    { threads: 1, deadlineMs: 20 },
  ));

test("reading ends when it is aborted or stopped", () =>
  withReader(async (reader) => {
    const aborted = reader.read({ bytes: ctImage([0, 0, 0, 0]), file: null }, AbortSignal.abort());
    await assert.rejects(aborted, { code: "interrupted" });
    const reading = [1, 2, 3, 4].map(() => reader.read({ bytes: ctImage([0, 0, 0, 0]), file: null }));
    const ended = Promise.all(reading.map((one) => assert.rejects(one, { code: "interrupted" })));
    await reader.stop();
    await ended;
  }));
