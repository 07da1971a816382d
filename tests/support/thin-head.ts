import type { InstanceHeader, StudySource } from "../../src/dicom/source.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import { type Bleed, type HuVolume, withBleed } from "../../src/phantom/hu-volume.ts";
import { headPhantom } from "../../src/phantom/phantoms.ts";
import { readHeaders } from "./volumes.ts";

const PER_SLICE = 5;

/** The phantom in slices of 1 mm: each of its slices five times. */
export function thinHead(bleed: Bleed): HuVolume {
  const thick = withBleed(headPhantom(), bleed);
  const size = thick.rows * thick.columns;
  const hu = new Int16Array(thick.hu.length * PER_SLICE);
  for (let z = 0; z < thick.slices * PER_SLICE; z++) {
    const from = Math.floor(z / PER_SLICE) * size;
    hu.set(thick.hu.subarray(from, from + size), z * size);
  }
  return { ...thick, slices: thick.slices * PER_SLICE, hu, sliceSpacingMm: thick.sliceSpacingMm / PER_SLICE };
}

/** Its study, from memory. @param lyingAbout how many of the images have a position that their files do not have */
export function thinSource(volume: HuVolume, { lyingAbout = 0 } = {}): StudySource {
  const { studyInstanceUid, instances } = ctSeries(volume, {
    studyKey: "thin",
    patientName: "Thin^Head",
    patientId: "1",
    studyDescription: "CT head",
  });
  const bytesOf = new Map(instances.map(({ sopInstanceUid, bytes }) => [sopInstanceUid, bytes]));
  const headers = instances.flatMap(({ bytes }) => readHeaders(bytes));
  const told = headers.map((header, i): InstanceHeader => {
    const [x, y, z] = header.imagePositionMm!;
    return i < lyingAbout ? { ...header, imagePositionMm: [x, y, z + 0.5] } : header;
  });
  return {
    studyInstanceUid,
    listInstances: async () => told,
    async *readInstances(images) {
      for (const { sopInstanceUid } of images) {
        yield { sopInstanceUid, bytes: bytesOf.get(sopInstanceUid)!.slice(), file: null };
      }
    },
  };
}
