import type { Cornerstone, DisplaySet, Instance, Ohif } from "../ohif-types.ts";
import { cornerstoneLibraries, imageIdsOf, instanceOf } from "./cornerstone.ts";

/** At which height of the patient a slice lies. */

/** mm towards the head, along the patient's axis (PS3.3 C.7.6.2.1.1); undefined where the image does not say. */
export function levelMm(image: Instance | undefined): number | undefined {
  const position = numbers(image?.ImagePositionPatient);
  const orientation = numbers(image?.ImageOrientationPatient);
  if (position.length !== 3 || orientation.length !== 6 || !image) return undefined;
  const [rowSpacing = 1, columnSpacing = 1] = numbers(image.PixelSpacing);
  // Of a tilted slice the middle counts: its corner lies higher or lower.
  const along = (orientation[2]! * Number(image.Columns) * columnSpacing) / 2;
  const down = (orientation[5]! * Number(image.Rows) * rowSpacing) / 2;
  return position[2]! + along + down;
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.map(Number).filter(Number.isFinite) : [];
}

export interface LevelledImage {
  imageId: string;
  levelMm: number;
}

/** The images of a display set that say where they lie, from the lowest one up. */
export function levelledImages(ohif: Ohif, displaySet: DisplaySet): LevelledImage[] {
  const { cornerstone } = cornerstoneLibraries(ohif);
  return imageIdsOf(ohif, displaySet)
    .flatMap((imageId): LevelledImage[] => {
      const level = levelMm(instanceOf(cornerstone, imageId));
      return level === undefined ? [] : [{ imageId, levelMm: level }];
    })
    .sort((a, b) => a.levelMm - b.levelMm);
}

/** Steps in which the top of the head is looked for, and how many images are fetched for it at most. */
const STEP_MM = 4;
const MOST_IMAGES = 12;
/** Denser than fat, so that foam does not count; and more of it than a headrest shows. */
const TISSUE_HU = -20;
const TISSUE_CM2 = 15;

/** The level of the highest image that shows head; of the highest image where none of the highest ones can be read. */
export async function headTopMm(ohif: Ohif, displaySet: DisplaySet): Promise<number | undefined> {
  const { cornerstone } = cornerstoneLibraries(ohif);
  const images = levelledImages(ohif, displaySet).reverse();
  const top = images[0];
  let looked = 0;
  let nextMm = Number.POSITIVE_INFINITY;
  for (const { imageId, levelMm: level } of images) {
    if (level > nextMm) continue;
    if (++looked > MOST_IMAGES) break;
    nextMm = level - STEP_MM;
    if (await showsHead(cornerstone, imageId).catch(() => false)) return level;
  }
  return top?.levelMm;
}

async function showsHead(cornerstone: Cornerstone, imageId: string): Promise<boolean> {
  const image = await cornerstone.imageLoader.loadAndCacheImage(imageId);
  const header = instanceOf(cornerstone, imageId);
  const isHu = image.preScale?.scaled === true;
  const slope = isHu ? 1 : Number(header?.RescaleSlope ?? 1);
  const intercept = isHu ? 0 : Number(header?.RescaleIntercept ?? 0);
  const [rowSpacing = 1, columnSpacing = 1] = numbers(header?.PixelSpacing);
  const from = (TISSUE_HU - intercept) / slope;
  let pixels = 0;
  for (const value of image.getPixelData()) if (value >= from) pixels++;
  return (pixels * rowSpacing * columnSpacing) / 100 >= TISSUE_CM2;
}
