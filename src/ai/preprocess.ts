import type { Box } from "../contract/finding.ts";
import { BRAIN_WINDOW, type CtWindow } from "../contract/window.ts";
import type { PlacedSlice } from "../dicom/placed-slice.ts";
import type { CtVolume } from "../dicom/volume.ts";
import { type Crop, planCrops } from "./crop.ts";
import type { Manifest } from "./manifest.ts";
import { resample } from "./resample.ts";
import { windowTable } from "./window.ts";

/** Makes the model's input images of a volume, one at a time. */
export class Preprocessor {
  readonly #volume: CtVolume;
  readonly #input: Manifest["input"];
  readonly #crops: Crop[];
  readonly #tables = new Map<string, Float32Array>();
  #last: { z: number; image: Float32Array } | undefined;

  private constructor(volume: CtVolume, input: Manifest["input"], crops: Crop[]) {
    this.#volume = volume;
    this.#input = input;
    this.#crops = crops;
  }

  /** Looks through all slices first, for where the head lies. */
  static async plan(volume: CtVolume, input: Manifest["input"]): Promise<Preprocessor> {
    return new Preprocessor(volume, input, await planCrops(volume, input));
  }

  /** Numbers in one image. */
  get imageLength(): number {
    return this.#input.channels.length * this.#input.width * this.#input.height;
  }

  /** The part of slice z that its image shows, in pixels of the slice. */
  area(z: number): Box {
    return this.#crops[z]!.area;
  }

  /**
   * Slice z as the model wants it: channels x height x width (or height x width x channels), normalised. Where a
   * neighbour is missing the outermost slice stands in. `mirrored` swaps left and right.
   */
  image(z: number, mirrored: boolean): Float32Array {
    if (this.#last?.z !== z) this.#last = { z, image: this.#upright(z) };
    return mirrored ? this.#mirrored(this.#last.image) : this.#last.image;
  }

  #upright(z: number): Float32Array {
    const { channels, width, height, layout, normalize } = this.#input;
    const planes = new Map<string, Float32Array>();
    const size = width * height;
    const image = new Float32Array(this.imageLength);
    for (const [index, { slice, window }] of channels.entries()) {
      const neighbour = Math.min(this.#volume.slices.length - 1, Math.max(0, z + slice));
      const key = JSON.stringify([neighbour, window]);
      const plane = planes.get(key) ?? this.#plane(z, neighbour, window);
      planes.set(key, plane);
      const mean = channelValue(normalize.mean, index);
      const std = channelValue(normalize.std, index);
      const first = layout === "NCHW" ? index * size : index;
      const step = layout === "NCHW" ? 1 : channels.length;
      for (let i = 0, to = first; i < size; i++, to += step) image[to] = (plane[i]! - mean) / std;
    }
    return image;
  }

  #mirrored(image: Float32Array): Float32Array {
    const { channels, width, layout } = this.#input;
    const step = layout === "NCHW" ? 1 : channels.length;
    const line = width * step;
    const output = new Float32Array(image.length);
    for (let from = 0; from < image.length; from += line) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < step; c++) output[from + x * step + c] = image[from + (width - 1 - x) * step + c]!;
      }
    }
    return output;
  }

  /** Other values on the grid of slice z, such as a mask, cut, turned and resized as its image is: height x width. */
  warped(z: number, pixels: Int16Array, table: Float32Array): Float32Array {
    const { alongX, alongY, transposed } = this.#crops[z]!;
    const plane = resample({ pixels, columns: this.#volume.slices[z]!.columns, table }, alongX, alongY);
    return transposed ? transpose(plane, alongX.rows.length) : plane;
  }

  #plane(z: number, neighbour: number, window: CtWindow | "header"): Float32Array {
    const { slices } = this.#volume;
    const { hu, windowHu } = slices[neighbour]!;
    const table = this.#table(window === "header" ? (windowHu ?? BRAIN_WINDOW) : window);
    // A neighbour on another grid is cut around its own head.
    return this.warped(haveSameGrid(slices[z]!, slices[neighbour]!) ? z : neighbour, hu, table);
  }

  #table(window: CtWindow): Float32Array {
    const key = `${window.center}/${window.width}`;
    const table = this.#tables.get(key) ?? windowTable(window);
    this.#tables.set(key, table);
    return table;
  }
}

function haveSameGrid(a: PlacedSlice, b: PlacedSlice): boolean {
  const gridOf = ({ rows, columns, pixelSpacingMm, orientation }: PlacedSlice) =>
    [rows, columns, ...pixelSpacingMm, ...orientation].join();
  return gridOf(a) === gridOf(b);
}

function transpose(plane: Float32Array, columns: number): Float32Array {
  const rows = plane.length / columns;
  return plane.map((_, i) => plane[(i % rows) * columns + Math.floor(i / rows)]!);
}

/** One value for all channels, or one each. */
function channelValue(values: number[], channel: number): number {
  return values.length === 1 ? values[0]! : values[channel]!;
}
