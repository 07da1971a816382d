import { z } from "zod";
import { type HeatMap, heatMapResourceSchema } from "../contract/heat-map.ts";
import type { Db } from "./schema.ts";

const slicesSchema = z.array(heatMapResourceSchema.shape.slices.element.omit({ cells: true }));

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

export async function findHeatMap(db: Db, resultId: number): Promise<HeatMap | undefined> {
  const row = await db.selectFrom("heatMaps").selectAll().where("resultId", "=", resultId).executeTakeFirst();
  if (row === undefined) return undefined;
  const slices = slicesSchema.safeParse(row.slices).data;
  if (slices === undefined) return undefined;
  const sliceBytes = row.cells.length / Math.max(1, slices.length);
  return {
    gridWidth: row.gridWidth,
    gridHeight: row.gridHeight,
    slices: slices.map((slice, index) => ({
      ...slice,
      cells: new Uint8Array(row.cells.subarray(index * sliceBytes, (index + 1) * sliceBytes)),
    })),
  };
}
