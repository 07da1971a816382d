import { createHash } from "node:crypto";
import { LABELS, type Label } from "../../contract/labels.ts";
import { PREVIEW_PIXELS } from "../../contract/preview-size.ts";
import { type SliceRef, sliceKey } from "../../contract/slices.ts";
import { InstanceReader } from "../../dicom/instance-reader.ts";
import type { Pacs } from "../../dicomweb/pacs.ts";
import { toVigilError, VigilError } from "../../errors.ts";
import type { Database } from "../../store/database.ts";
import { findHeatMap } from "../../store/heat-maps.ts";
import { findResultTime } from "../../store/results.ts";
import { findStudy } from "../../store/studies.ts";
import type { StudyRow } from "../../store/study-row.ts";
import { noSuchStudy } from "../no-such-study.ts";
import { encodePng } from "./png.ts";
import { SharedWork } from "./shared-work.ts";
import { type SmallSlice, smallSlice, withHeat } from "./small-slice.ts";

/** Retrieved and decoded at the same time, for all who look at lists. */
const AT_ONCE = 4;
/** Of 128 KB each. */
const SLICES_KEPT = 256;
/** Changes when the same slice is drawn in another way. */
const DRAWING = "1";

export interface PreviewImage {
  etag: string;
  /** undefined: the client has this one */
  png?: Buffer;
}

/** Which image, and which heat map over it. */
export interface PreviewImageName {
  slice: SliceRef;
  heat: Label | undefined;
}

/** Makes the small images of the preview, on demand, from what the PACS holds. */
export class PreviewImages {
  readonly #database: Database;
  readonly #pacs: Pacs[];
  readonly #slices = new SharedWork<SmallSlice>({ atOnce: AT_ONCE, mostKept: SLICES_KEPT });
  #reader: Promise<InstanceReader> | undefined;

  constructor(database: Database, pacs: Pacs[]) {
    this.#database = database;
    this.#pacs = pacs;
  }

  /** Starts what the first image needs, so that it need not wait for it. */
  warmUp(): void {
    this.#reader ??= InstanceReader.start({ threads: 1 });
    this.#reader.catch(() => {
      this.#reader = undefined;
    });
  }

  /**
   * @param known the ETag of what the client has
   * @throws VigilError not-found: no such study or heat map; study-not-in-pacs, instance-not-in-pacs; as Pacs and
   * InstanceReader do; interrupted when the signal aborts
   */
  async image(
    uid: string,
    { slice, heat }: PreviewImageName,
    known: string | undefined,
    signal: AbortSignal,
  ): Promise<PreviewImage> {
    const { db } = this.#database;
    const study = await findStudy(db, uid);
    if (study === undefined) throw noSuchStudy(uid);
    const scoredAt = heat === undefined ? undefined : await findResultTime(db, study.resultId);
    const parts = [DRAWING, uid, slice.seriesInstanceUid, sliceKey(slice), heat, scoredAt?.getTime()];
    const etag = `"${createHash("sha256").update(parts.join("/")).digest("base64url")}"`;
    if (known === etag) return { etag };
    const small = await this.#smallSlice(study, slice, signal);
    if (heat === undefined) return { etag, png: await encodePng(small.grey, PREVIEW_PIXELS, 1) };
    return { etag, png: await encodePng(withHeat(small, await this.#grid(study, slice, heat)), PREVIEW_PIXELS, 3) };
  }

  async stop(): Promise<void> {
    await (await this.#reader?.catch(() => undefined))?.stop();
  }

  async #smallSlice(study: StudyRow, slice: SliceRef, signal: AbortSignal): Promise<SmallSlice> {
    const key = `${study.studyInstanceUid}/${slice.seriesInstanceUid}/${sliceKey(slice)}`;
    try {
      return await this.#slices.get(key, (working) => this.#draw(study, slice, working), signal);
    } catch (error) {
      if (signal.aborted) throw new VigilError("interrupted", "nobody waits for the image any more", { cause: error });
      throw error;
    }
  }

  async #draw(study: StudyRow, slice: SliceRef, signal: AbortSignal): Promise<SmallSlice> {
    this.warmUp();
    const bytes = await this.#retrieve(study, slice, signal);
    const frames = await (await this.#reader!).read({ bytes, file: null }, signal);
    const frame = frames[(slice.frameNumber ?? 1) - 1];
    if (frame === undefined) {
      throw new VigilError("not-found", `image ${slice.sopInstanceUid} has no frame ${slice.frameNumber}`);
    }
    return smallSlice(frame);
  }

  async #retrieve(study: StudyRow, slice: SliceRef, signal: AbortSignal): Promise<Uint8Array> {
    const { studyInstanceUid } = study;
    const { seriesInstanceUid, sopInstanceUid } = slice;
    const pacs = this.#pacs.find(({ name }) => name === study.pacs) ?? this.#pacs[0];
    if (pacs === undefined) throw new VigilError("pacs-unreachable", "no PACS is configured that could give the image");
    try {
      return await pacs.retrieveInstance({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }, signal);
    } catch (error) {
      // The PACS listed it once and does not hold it now.
      if (toVigilError(error).code !== "study-incomplete") throw error;
      const stillThere = await pacs.findStudy(studyInstanceUid, signal);
      if (stillThere === undefined) {
        throw new VigilError("study-not-in-pacs", `the PACS does not hold study ${studyInstanceUid} any more`);
      }
      throw new VigilError("instance-not-in-pacs", `the PACS does not hold image ${sopInstanceUid} any more`);
    }
  }

  async #grid(study: StudyRow, slice: SliceRef, label: Label) {
    const { resultId } = study;
    const heatMap =
      resultId === null ? undefined : await findHeatMap(this.#database.db, resultId, slice.seriesInstanceUid);
    const found = heatMap?.slices.find((one) => sliceKey(one) === sliceKey(slice));
    if (heatMap === undefined || found === undefined) {
      throw new VigilError("not-found", `there is no heat map of image ${slice.sopInstanceUid}`);
    }
    const { gridWidth, gridHeight } = heatMap;
    const cells = gridWidth * gridHeight;
    const from = LABELS.indexOf(label) * cells;
    return { gridWidth, gridHeight, area: found.area, cells: found.cells.subarray(from, from + cells) };
  }
}
