import { createHash } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { safeName } from "../dataset/layout.ts";
import { GrowingFile, writeWhole } from "../dataset/whole-file.ts";
import { npyHeader } from "./npy.ts";
import { leftOutSchema, type PreparedStudy, preparedImageSchema } from "./prepared-study.ts";

const storedFileSchema = z.object({ file: z.string(), bytes: z.int(), sha256: z.string() });

/** shard-NNNNN.json: what a shard holds. It is written last: with it the shard is whole. */
export const shardSchema = z.object({
  rows: z.int(),
  /** null where each image has a file of its own. */
  images: storedFileSchema.nullable(),
  masks: storedFileSchema.nullable(),
  studies: z.array(z.object({ patient: z.string(), study: z.string(), images: z.array(preparedImageSchema) })),
  leftOut: z.array(leftOutSchema),
});
export type Shard = z.infer<typeof shardSchema>;

/** How rows are stored: numpy's name of their type, and their shape. */
export interface RowFormat {
  descr: string;
  shape: number[];
  /** Height and width, where rows may have masks. */
  maskShape: number[];
}

export function shardName(number: number): string {
  return `shard-${String(number).padStart(5, "0")}`;
}

/** The text of a finished shard's JSON; undefined where it is not whole. */
export async function finishedShard(dir: string, number: number): Promise<string | undefined> {
  const file = path.join(dir, `${shardName(number)}.json`);
  if (!existsSync(file)) return undefined;
  const text = await readFile(file, "utf8");
  const { images, masks } = shardSchema.parse(JSON.parse(text));
  const isThere = ({ file: name, bytes }: { file: string; bytes: number }) =>
    statSync(path.join(dir, name), { throwIfNoEntry: false })?.size === bytes;
  return [images, masks].every((stored) => stored === null || isThere(stored)) ? text : undefined;
}

/** Writes one shard, study after study; memory holds one study. */
export class ShardWriter {
  readonly #dir: string;
  readonly #name: string;
  readonly #format: RowFormat | null;
  readonly #shard: Shard = { rows: 0, images: null, masks: null, studies: [], leftOut: [] };
  #images: GrowingFile | undefined;
  #masks: GrowingFile | undefined;

  /** @param format null gives each image a file of its own */
  constructor(dir: string, number: number, format: RowFormat | null) {
    this.#dir = dir;
    this.#name = shardName(number);
    this.#format = format;
  }

  async add(prepared: PreparedStudy): Promise<void> {
    const { patient, study, images, leftOut } = prepared;
    if (this.#format === null) await this.#writeEach(prepared);
    else await this.#append(prepared, this.#format);
    this.#shard.rows += images.length;
    this.#shard.studies.push({ patient, study, images });
    this.#shard.leftOut.push(...leftOut);
  }

  async #append({ bytes, masks }: PreparedStudy, { descr, shape, maskShape }: RowFormat): Promise<void> {
    this.#images ??= await this.#begin(".npy", npyHeader(descr, [0, ...shape]));
    await this.#images.append(bytes);
    if (masks === null && this.#masks === undefined) return;
    const maskBytes = maskShape.reduce((product, side) => product * side, 1);
    if (this.#masks === undefined) {
      this.#masks = await this.#begin(".masks.npy", npyHeader("|u1", [0, ...maskShape]));
      // Of the studies before, which have none.
      for (let row = 0; row < this.#shard.rows; row++) await this.#masks.append(new Uint8Array(maskBytes));
    }
    const rows = bytes.length / this.#rowBytes;
    await this.#masks.append(masks ?? new Uint8Array(rows * maskBytes));
  }

  get #rowBytes(): number {
    const { descr, shape } = this.#format!;
    return Number(descr.at(-1)) * shape.reduce((product, side) => product * side, 1);
  }

  async #begin(ending: string, header: Uint8Array): Promise<GrowingFile> {
    const file = await GrowingFile.begin(path.join(this.#dir, `${this.#name}${ending}`));
    await file.append(header);
    return file;
  }

  async #writeEach({ images, bytes, sizes }: PreparedStudy): Promise<void> {
    let at = 0;
    for (const [i, image] of images.entries()) {
      const [rows, columns] = sizes[i]!;
      const content = Buffer.concat([npyHeader("|u1", [rows, columns]), bytes.subarray(at, at + rows * columns)]);
      at += rows * columns;
      image.file = `${safeName(image.key)}.npy`;
      image.sha256 = createHash("sha256").update(content).digest("hex");
      await writeWhole(path.join(this.#dir, image.file), content);
    }
  }

  /** @returns the shard's line of the index */
  async finish(): Promise<string> {
    const { rows } = this.#shard;
    if (this.#format !== null) {
      const { descr, shape, maskShape } = this.#format;
      const header = npyHeader(descr, [rows, ...shape]);
      this.#images ??= await this.#begin(".npy", header);
      this.#shard.images = await this.#finished(this.#images, ".npy", header);
      if (this.#masks !== undefined)
        this.#shard.masks = await this.#finished(this.#masks, ".masks.npy", npyHeader("|u1", [rows, ...maskShape]));
    }
    const text = JSON.stringify(this.#shard);
    await writeWhole(path.join(this.#dir, `${this.#name}.json`), text);
    return text;
  }

  async abandon(): Promise<void> {
    await this.#images?.abandon();
    await this.#masks?.abandon();
  }

  async #finished(file: GrowingFile, ending: string, header: Uint8Array) {
    await file.finish(header);
    const name = `${this.#name}${ending}`;
    const hash = createHash("sha256");
    await pipeline(createReadStream(path.join(this.#dir, name)), hash);
    return { file: name, bytes: statSync(path.join(this.#dir, name)).size, sha256: hash.digest("hex") };
  }
}
