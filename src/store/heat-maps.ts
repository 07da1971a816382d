import { z } from "zod";
import { type HeatMap, heatMapResourceSchema } from "../contract/heat-map.ts";
import { uidSchema } from "../contract/uid.ts";
import type { Db } from "./schema.ts";

/** Version 0.1 read one series of single-frame images, and did not say which. */
const storedSliceSchema = heatMapResourceSchema.shape.slices.element
  .omit({ cells: true })
  .extend({ seriesInstanceUid: uidSchema.optional(), frameNumber: z.int().min(1).nullable().default(null) });
const slicesSchema = z.array(storedSliceSchema);

export async function saveHeatMap(db: Db, resultId: number, heatMap: HeatMap): Promise<void> {
  const content = {
    gridWidth: heatMap.gridWidth,
    gridHeight: heatMap.gridHeight,
    slices: JSON.stringify(heatMap.slices.map(({ cells: _, ...slice }) => slice)),
    cells: Buffer.concat(heatMap.slices.map((slice) => slice.cells)),
  };
  await db
    .insertInto("heatMaps")
    .values({ resultId, ...content })
    .onConflict((conflict) => conflict.column("resultId").doUpdateSet(content))
    .execute();
}

/** @param seriesInstanceUid of the slices that do not say */
export async function findHeatMap(db: Db, resultId: number, seriesInstanceUid: string): Promise<HeatMap | undefined> {
  const row = await db.selectFrom("heatMaps").selectAll().where("resultId", "=", resultId).executeTakeFirst();
  if (row === undefined) return undefined;
  const slices = slicesSchema.safeParse(row.slices).data;
  if (slices === undefined) return undefined;
  const sliceBytes = row.cells.length / Math.max(1, slices.length);
  return {
    gridWidth: row.gridWidth,
    gridHeight: row.gridHeight,
    slices: slices.map((slice, index) => ({
      seriesInstanceUid,
      ...slice,
      cells: new Uint8Array(row.cells.subarray(index * sliceBytes, (index + 1) * sliceBytes)),
    })),
  };
}
