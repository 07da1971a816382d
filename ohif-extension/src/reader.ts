import { fetchSession } from "./api.ts";
import { createStore } from "./ui/store.ts";

/** Who reads: the login that Vigil is told, or a name that is asked once in this browser. */

const STORED_AS = "vigilReader";

export interface Reader {
  /** null: to be asked. */
  name: string | null;
  /** A login cannot be changed here. */
  isLogin: boolean;
}

export const reader = createStore<Reader>({ name: storedName(), isLogin: false });

/** Without an answer the name of this browser stays. */
export async function learnLogin(): Promise<void> {
  const session = await fetchSession().catch(() => undefined);
  if (session?.reader) reader.set({ name: session.reader, isLogin: true });
}

export function nameReader(name: string): void {
  const trimmed = name.trim().slice(0, 64);
  if (trimmed === "" || reader.get().isLogin) return;
  try {
    localStorage.setItem(STORED_AS, trimmed);
  } catch {
    // A browser that keeps nothing asks again after a reload.
  }
  reader.set({ name: trimmed, isLogin: false });
}

function storedName(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}
