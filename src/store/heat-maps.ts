import type { Kysely } from "kysely";
import type { HeatMap } from "../contract/heat-map.ts";
import type { Schema } from "./schema.ts";

export async function saveHeatMap(db: Kysely<Schema>, resultId: number, heatMap: HeatMap): Promise<void> {
  const content = {
    grid_width: heatMap.gridWidth,
    grid_height: heatMap.gridHeight,
    slices: JSON.stringify(heatMap.slices.map(({ sopInstanceUid, area }) => ({ sopInstanceUid, area }))),
    cells: Buffer.concat(heatMap.slices.map((slice) => slice.cells)),
  };
  await db
    .insertInto("heat_maps")
    .values({ result_id: resultId, ...content })
    .onConflict((conflict) => conflict.column("result_id").doUpdateSet(content))
    .execute();
}

export async function findHeatMap(db: Kysely<Schema>, resultId: number): Promise<HeatMap | undefined> {
  const row = await db.selectFrom("heat_maps").selectAll().where("result_id", "=", resultId).executeTakeFirst();
  if (row === undefined) return undefined;
  const sliceBytes = row.cells.length / Math.max(1, row.slices.length);
  return {
    gridWidth: row.grid_width,
    gridHeight: row.grid_height,
    slices: row.slices.map((slice, index) => ({
      ...slice,
      cells: new Uint8Array(row.cells.subarray(index * sliceBytes, (index + 1) * sliceBytes)),
    })),
  };
}
