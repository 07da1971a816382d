import type { Kysely } from "kysely";
import type { Cursor } from "../dicomweb/orthanc-changes.ts";
import type { Schema } from "./schema.ts";

/** A position in somebody's feed, by name, kept over restarts. */
export function databaseCursor(db: Kysely<Schema>, name: string): Cursor {
  return {
    async load() {
      const row = await db.selectFrom("cursors").select("position").where("name", "=", name).executeTakeFirst();
      return row?.position;
    },
    async save(position) {
      await db
        .insertInto("cursors")
        .values({ name, position })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ position }))
        .execute();
    },
  };
}
