import { readFile } from "node:fs/promises";
import { Preprocessor } from "../../ai/preprocess.ts";
import { readVolumes } from "../../dicom/read-volumes.ts";
import { selectSeries } from "../../dicom/selection/selection.ts";
import type { ReadVolume } from "../../dicom/slab-stack.ts";
import { readSlices } from "../../dicom/slice.ts";
import type { InstanceHeader } from "../../dicom/source.ts";
import { toVigilError, VigilError } from "../../errors.ts";
import type { StudyRecords } from "../dataset/dataset.ts";
import { type InstanceRecord, instanceKey } from "../dataset/instance-record.ts";
import { pathIn } from "../dataset/layout.ts";
import { asSlice, DatasetStudy, keyOf } from "./dataset-study.ts";
import { ELEMENT_TYPES, storeImage } from "./element-type.ts";
import { maskOfSlice } from "./mask.ts";
import type { PrepareSpec } from "./prepare-spec.ts";
import type { LeftOut, PreparedImage, PreparedStudy } from "./prepared-study.ts";
import { referenceImage } from "./reference-image.ts";

export interface StudyToPrepare {
  /** The folder of the data set. */
  dir: string;
  records: StudyRecords;
  /** Whether they were exported in one window. */
  arePictures: boolean;
}

/** Turns the images of one study into rows. What cannot be read or used is left out, with its reason. */
export function prepareStudy(study: StudyToPrepare, spec: PrepareSpec): Promise<PreparedStudy> {
  return spec.kind === "reference" ? forReference(study) : forModel(study, spec);
}

async function forModel(
  { dir, records: { patient, study, instances }, arePictures }: StudyToPrepare,
  { input, dtype, selection }: Extract<PrepareSpec, { kind: "model" }>,
): Promise<PreparedStudy> {
  const rejected = new Rejected(patient, study);
  const usable = rejected.withoutProblems(instances);
  const source = await DatasetStudy.open(dir, usable, arePictures);
  for (const { record, error } of source.unreadable) rejected.add(instanceKey(record), error);
  const headers = await source.listInstances();
  const reader = {
    read: async (stored: Parameters<typeof readSlices>[0]) => {
      const slices = await readSlices(stored, { windowed: arePictures });
      return arePictures ? slices.map((slice) => ({ ...slice, header: asSlice(slice.header) })) : slices;
    },
  };
  const timer = { time: <T>(_: string, work: () => Promise<T>) => work() };
  const volumes: ReadVolume[] = [];
  for (const head of headsOf(headers, selection)) {
    const read = (minSlices: number) =>
      readVolumes(head, true, { source, reader, slab: input.slab, minSlices, timer, signal: undefined });
    try {
      // A series of a few slices is no head to triage, but there is something to learn from it.
      const { volumes: found, failures } = await read(selection.minSlices).catch((error: unknown) => {
        if (toVigilError(error).code !== "series-unusable") throw error;
        return read(1);
      });
      volumes.push(...found);
      for (const { header, error } of failures) rejected.add(keyOf(header), error);
    } catch (error) {
      for (const header of head) rejected.add(keyOf(header), toVigilError(error));
    }
  }
  const masks = new Map(usable.flatMap((record) => (record.mask === null ? [] : [[instanceKey(record), record.mask]])));
  const maskSize = input.width * input.height;
  const count = volumes.reduce((sum, { volume }) => sum + volume.slices.length, 0);
  const imageBytes = input.channels.length * maskSize * ELEMENT_TYPES[dtype].bytes;
  const bytes = new Uint8Array(count * imageBytes);
  const maskRows = masks.size > 0 ? new Uint8Array(count * maskSize) : null;
  const images: PreparedImage[] = [];
  const used = new Set<string>();
  for (const { volume, members } of volumes) {
    const preprocessor = await Preprocessor.plan(volume, input);
    for (const [z, slice] of volume.slices.entries()) {
      const row = images.length;
      storeImage(preprocessor.image(z, false), dtype, input, bytes, row * imageBytes);
      const keys = members[z]!.map(({ header }) => keyOf(header));
      for (const key of keys) used.add(key);
      const mask = await maskOfSlice(slice, members[z]!, (key) => pathOfMask(dir, masks.get(key)));
      if (mask !== null) maskRows?.set(preprocessor.warped(z, mask, MASK_TABLE).map(Math.round), row * maskSize);
      images.push({
        key: keyOf(slice.header),
        z: slice.positionMm,
        area: preprocessor.area(z).map((pixel) => Math.round(pixel * 1000) / 1000) as PreparedImage["area"],
        ...(keys.length > 1 ? { members: keys } : {}),
        ...(mask !== null ? { mask: true } : {}),
      });
    }
  }
  const unplaced = new VigilError("series-unusable", whyUnplaced(volumes));
  for (const record of usable) if (!used.has(instanceKey(record))) rejected.add(instanceKey(record), unplaced);
  return { patient, study, images, bytes, sizes: [], masks: maskRows, leftOut: rejected.list };
}

/** A mask's grey levels stand for themselves. */
const MASK_TABLE = Float32Array.from({ length: 65536 }, (_, i) => Math.min(255, Math.max(0, i - 32768)));

function pathOfMask(dir: string, file: string | undefined): string | undefined {
  return file === undefined ? undefined : pathIn(dir, file);
}

/** Series that scoring reads as one head together, every other one for itself. */
function headsOf(headers: InstanceHeader[], settings: Parameters<typeof selectSeries>[1]): InstanceHeader[][] {
  const left = Map.groupBy(headers, ({ seriesInstanceUid }) => seriesInstanceUid);
  const heads = selectSeries(headers, settings).acquisitions.map(({ parts }) =>
    parts.flatMap(({ seriesInstanceUids: [best] }) => {
      const images = left.get(best!) ?? [];
      left.delete(best!);
      return images;
    }),
  );
  return [...heads, ...left.values()].filter((head) => head.length > 0);
}

function whyUnplaced(volumes: ReadVolume[]): string {
  const warnings = volumes.flatMap(({ volume }) => volume.warnings);
  const said = warnings.filter(({ code }) => code === "images-left-out" || code === "duplicate-slices");
  return ["it belongs to no volume", ...said.map(({ message }) => message)].join(": ");
}

async function forReference({ dir, records, arePictures }: StudyToPrepare): Promise<PreparedStudy> {
  const { patient, study } = records;
  const rejected = new Rejected(patient, study);
  const images: PreparedImage[] = [];
  const sizes: [number, number][] = [];
  const pixels: Uint8Array[] = [];
  const byFile = Map.groupBy(rejected.withoutProblems(records.instances), ({ file }) => file);
  for (const [file, wanted] of byFile) {
    try {
      const where = pathIn(dir, file);
      const slices = await readSlices({ bytes: await readFile(where), file: where }, { windowed: arePictures });
      const byKey = new Map(slices.map((slice) => [keyOf(slice.header), slice]));
      for (const record of wanted) {
        const slice = byKey.get(instanceKey(record));
        const image = slice === undefined ? null : referenceImage(slice);
        if (slice === undefined || image === null)
          throw new VigilError("pixels-unsupported", "its header has no window");
        images.push({ key: instanceKey(record), z: record.z });
        sizes.push([slice.rows, slice.columns]);
        pixels.push(image);
      }
    } catch (error) {
      for (const record of wanted) rejected.add(instanceKey(record), toVigilError(error));
    }
  }
  const bytes = new Uint8Array(Buffer.concat(pixels));
  return { patient, study, images, bytes, sizes, masks: null, leftOut: rejected.list };
}

/** Images that are left out, each with the first reason that was found. */
class Rejected {
  readonly list: LeftOut[] = [];
  readonly #of: Pick<LeftOut, "patient" | "study">;
  readonly #keys = new Set<string>();

  constructor(patient: string, study: string) {
    this.#of = { patient, study };
  }

  add(key: string, { code, message }: { code: string; message: string }): void {
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.list.push({ key, ...this.#of, code, message });
  }

  withoutProblems(records: InstanceRecord[]): InstanceRecord[] {
    for (const record of records) if (record.problem !== null) this.add(instanceKey(record), record.problem);
    return records.filter(({ problem }) => problem === null);
  }
}
