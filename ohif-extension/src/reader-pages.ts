import { reader, STORED_AS, storedName } from "./reader.ts";

/** A name that is given on another page of this browser is one for this page, too. */
export function followOtherPages(): void {
  addEventListener("storage", ({ key }) => {
    if (key === STORED_AS && !reader.get().isLogin) reader.set({ name: storedName(), isLogin: false });
  });
}
