import { PrintIndex } from "./print-index.ts";
import type { ImageInFile, PrintedImage } from "./printed-image.ts";

/** An image with the side it stands on. */
export interface DividedImage extends ImageInFile {
  /** As the caller names it. */
  name: string;
  side: string;
}

/** Finds images with the same or nearly the same pixels on several sides, while images come. */
export class PixelIndex {
  readonly identical: [DividedImage, DividedImage][] = [];
  /** By their prints; heads of one shape are among them until they have been compared. */
  readonly alike: [DividedImage, DividedImage][] = [];
  /** How many images show too little to be recognised. */
  featureless = 0;
  readonly #byHash = new Map<number, DividedImage>();
  readonly #indices = { whole: new PrintIndex(), head: new PrintIndex() };
  readonly #indexed: DividedImage[] = [];

  add(image: DividedImage, { hash, prints }: Pick<PrintedImage, "hash" | "prints">): void {
    const same = hash === null ? undefined : this.#byHash.get(hash);
    if (hash !== null && same === undefined) this.#byHash.set(hash, image);
    if (same !== undefined && same.side !== image.side) this.identical.push([same, image]);
    if (prints === null) this.featureless++;
    else if (same === undefined) {
      const isElsewhere = (number: number) => this.#indexed[number]!.side !== image.side;
      const likes = [
        this.#indices.whole.nearest(prints.whole, isElsewhere),
        this.#indices.head.nearest(prints.head, isElsewhere),
      ].filter((like) => like !== null);
      const [like] = likes.sort((a, b) => a.bits - b.bits);
      if (like !== undefined) this.alike.push([this.#indexed[like.number]!, image]);
      this.#indices.whole.add(prints.whole);
      this.#indices.head.add(prints.head);
      this.#indexed.push(image);
    }
  }
}
