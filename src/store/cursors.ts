import type { Db } from "./schema.ts";

/** A position in somebody's feed, by name, kept over restarts. */
export function databaseCursor(db: Db, name: string) {
  return {
    async load(): Promise<string | undefined> {
      const row = await db.selectFrom("cursors").select("position").where("name", "=", name).executeTakeFirst();
      return row?.position;
    },
    async save(position: string): Promise<void> {
      await db
        .insertInto("cursors")
        .values({ name, position })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ position }))
        .execute();
    },
  };
}
