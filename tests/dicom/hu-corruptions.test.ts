import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { NaturalDataset } from "dcmjs";
import { HuHistogram } from "../../src/dicom/hu-histogram.ts";
import { checkHu } from "../../src/dicom/hu-plausibility.ts";
import { type CtSlice, readSlices } from "../../src/dicom/slice.ts";
import { VigilError } from "../../src/errors.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import { type HuVolume, withBleed } from "../../src/phantom/hu-volume.ts";
import { headPhantom, PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";

const check = (slices: { hu: Int16Array }[]) => checkHu(slices.map(({ hu }) => HuHistogram.of(hu)));

const [FIRST, LAST] = [11, 19];

/** The slices of a phantom that bleed. */
function bleedingSlices(): HuVolume {
  const head = withBleed(headPhantom(), PHANTOM_BLEED);
  const size = head.rows * head.columns;
  return { ...head, hu: head.hu.slice(FIRST * size, LAST * size), slices: LAST - FIRST };
}

const VOLUME = bleedingSlices();

async function read(attributes: NaturalDataset): Promise<CtSlice[]> {
  const who = { studyKey: "corrupted", patientName: "Test^Patient", patientId: "1", studyDescription: "CT head" };
  const { instances } = ctSeries(VOLUME, { ...who, attributes });
  const slices = await Promise.all(instances.map(({ bytes }) => readSlices({ bytes, file: null })));
  check(slices.flat());
  return slices.flat();
}

const REFUSED: Record<string, NaturalDataset> = {
  "no Rescale Slope": { RescaleSlope: undefined },
  "an empty Rescale Slope": { RescaleSlope: "" },
  "a blank Rescale Slope": { RescaleSlope: "  " },
  "a Rescale Slope of 0": { RescaleSlope: "0" },
  "a Rescale Slope that is no number": { RescaleSlope: "one" },
  "an infinite Rescale Slope": { RescaleSlope: "Infinity" },
  "a Rescale Slope of 1e30": { RescaleSlope: "1e30" },
  "a Rescale Slope of 1000": { RescaleSlope: "1000" },
  "a negative Rescale Slope": { RescaleSlope: "-1" },
  "a Rescale Slope of 2": { RescaleSlope: "2" },
  "a Rescale Slope of 1.1": { RescaleSlope: "1.1" },
  "a Rescale Slope of 0.5": { RescaleSlope: "0.5" },
  "a Rescale Slope of 0.1": { RescaleSlope: "0.1" },
  "a Rescale Slope of 0.001": { RescaleSlope: "0.001" },
  "two Rescale Slopes": { RescaleSlope: ["1", "2"] },
  "no Rescale Intercept": { RescaleIntercept: undefined },
  "an empty Rescale Intercept": { RescaleIntercept: "" },
  "a blank Rescale Intercept": { RescaleIntercept: " " },
  "a Rescale Intercept that is no number": { RescaleIntercept: "NaN" },
  "a Rescale Intercept that may be -1024 or -1.024": { RescaleIntercept: "-1,024" },
  "a Rescale Intercept of 0": { RescaleIntercept: "0" },
  "a Rescale Intercept of 1024": { RescaleIntercept: "1024" },
  "a Rescale Intercept of -1e30": { RescaleIntercept: "-1e30" },
  "a Rescale Intercept of -24000": { RescaleIntercept: "-24000" },
  "a Rescale Intercept of -2048": { RescaleIntercept: "-2048" },
  "optical density": { RescaleType: "OD" },
  "modified HU": { RescaleType: "HU_MOD" },
  "a Modality LUT": {
    ModalityLUTSequence: [
      {
        LUTDescriptor: [2, 0, 16],
        ModalityLUTType: "HU",
        LUTData: new Uint16Array(2).buffer,
        _vrMap: { LUTDescriptor: "US", LUTData: "OW" },
      },
    ],
  },
  "a colour model": { PhotometricInterpretation: "RGB" },
  "3 samples per pixel": { SamplesPerPixel: 3 },
  "1 bit stored": { BitsStored: 1 },
  "1 bit stored, consistently": { BitsStored: 1, HighBit: 0 },
  "8 bits stored": { BitsStored: 8 },
  "8 bits stored, consistently": { BitsStored: 8, HighBit: 7 },
  "the upper 12 bits stored": { BitsStored: 12 },
  "a High Bit below the bits stored": { HighBit: 7 },
  "8 bits allocated": { BitsAllocated: 8 },
  "8 bits, consistently": { BitsAllocated: 8, BitsStored: 8, HighBit: 7 },
  "32 bits allocated": { BitsAllocated: 32 },
  "no Pixel Representation": { PixelRepresentation: undefined },
  "half the rows": { Rows: 128 },
  "a column less": { Columns: 255 },
  "a row more": { Rows: 257 },
  "65,535 rows": { Rows: 65535 },
  "2 frames": { NumberOfFrames: "2" },
  "2,000,000,000 frames": { NumberOfFrames: "2000000000" },
  "a padding range over the brain": {
    PixelPaddingValue: 1000,
    PixelPaddingRangeLimit: 1100,
    _vrMap: { PixelData: "OW", PixelPaddingValue: "SS", PixelPaddingRangeLimit: "SS" },
  },
};

const READ: Record<string, NaturalDataset> = {
  "a decimal comma": { RescaleSlope: "1,0", RescaleIntercept: "-1024,0" },
  "blanks around the numbers": { RescaleSlope: " 1 ", RescaleIntercept: " -1024.00" },
  "an exponent": { RescaleSlope: "1.0E0", RescaleIntercept: "-1.024e3" },
  "no Rescale Type": { RescaleType: undefined },
  "an unspecified Rescale Type": { RescaleType: "US" },
  "a display in the negative": { PhotometricInterpretation: "MONOCHROME1" },
  "unsigned pixels": { PixelRepresentation: 0 },
  "12 bits": { BitsStored: 12, HighBit: 11 },
  "no High Bit": { HighBit: undefined },
  "0 frames": { NumberOfFrames: "0" },
};

describe("a bleed in a file of which one attribute is wrong is never read with other values:", () => {
  for (const [name, attributes] of Object.entries(REFUSED)) {
    test(`${name} is refused`, async () => {
      await assert.rejects(read(attributes), (error) => {
        assert.ok(error instanceof VigilError);
        return ["values-not-hu", "pixels-unsupported", "dicom-unreadable"].includes(error.code);
      });
    });
  }
  for (const [name, attributes] of Object.entries(READ)) {
    test(`${name} changes nothing`, async () => {
      const size = VOLUME.rows * VOLUME.columns;
      for (const [z, { hu }] of (await read(attributes)).entries()) {
        assert.ok(
          hu.every((value, i) => value === VOLUME.hu[z * size + i]),
          `slice ${z}`,
        );
      }
    });
  }
});
