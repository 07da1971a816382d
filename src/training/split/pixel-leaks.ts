import type { Leak } from "./leaks.ts";
import { PrintIndex } from "./print-index.ts";
import type { PrintedImage } from "./printed-image.ts";

/** Finds images with the same or nearly the same pixels on several sides, while images come. */
export class PixelLeaks {
  readonly leaks: Leak[] = [];
  /** Images that show too little to be recognised. */
  featureless = 0;
  readonly #names: string[] = [];
  readonly #sides: string[] = [];
  readonly #byHash = new Map<number, number>();
  readonly #indices = { whole: new PrintIndex(), head: new PrintIndex() };
  /** Of the images in the indices. */
  readonly #indexed: number[] = [];

  /** @param name of the image, as the leaks shall name it */
  add(name: string, side: string, { hash, prints }: Pick<PrintedImage, "hash" | "prints">): void {
    const image = this.#names.push(name) - 1;
    this.#sides.push(side);
    if (prints === null) this.featureless++;
    const same = hash === null ? undefined : this.#byHash.get(hash);
    if (hash !== null && same === undefined) this.#byHash.set(hash, image);
    if (same !== undefined && this.#sides[same] !== side) this.#found("identical", same, image);
    if (prints === null) return;
    if (same === undefined) {
      const isElsewhere = (number: number) => this.#sides[this.#indexed[number]!] !== side;
      const likes = [
        this.#indices.whole.nearest(prints.whole, isElsewhere),
        this.#indices.head.nearest(prints.head, isElsewhere),
      ].filter((like) => like !== null);
      const [like] = likes.sort((a, b) => a.bits - b.bits);
      if (like !== undefined) this.#found("near-identical", this.#indexed[like.number]!, image);
    }
    this.#indices.whole.add(prints.whole);
    this.#indices.head.add(prints.head);
    this.#indexed.push(image);
  }

  #found(kind: Leak["kind"], a: number, b: number): void {
    const folds = [this.#sides[a]!, this.#sides[b]!];
    this.leaks.push({ kind, a: this.#names[a]!, b: this.#names[b]!, folds });
  }
}
