import { fetchSession } from "./api.ts";
import { createStore } from "./ui/store.ts";

/** Who reads: the login that Vigil is told, or a name that is asked once in this browser. */

export const STORED_AS = "vigilReader";

export interface Reader {
  /** null: to be asked. */
  name: string | null;
  /** A login cannot be changed here. */
  isLogin: boolean;
}

export const reader = createStore<Reader>({ name: storedName(), isLogin: false });

/** Set while the name is asked for; gets the name, or undefined when nobody wants to give one. */
export const nameQuestion = createStore<((name: string | undefined) => void) | null>(null);

export const NAME_LENGTH = 64;

/** Without an answer the name of this browser stays. */
export async function learnLogin(): Promise<void> {
  const session = await fetchSession().catch(() => undefined);
  if (session?.reader) reader.set({ name: session.reader, isLogin: true });
}

export function nameReader(name: string): void {
  const trimmed = name.trim().slice(0, NAME_LENGTH);
  if (trimmed === "" || reader.get().isLogin) return;
  try {
    localStorage.setItem(STORED_AS, trimmed);
  } catch {
    // A browser that keeps nothing asks again after a reload.
  }
  reader.set({ name: trimmed, isLogin: false });
}

/** Asks for a name, whatever it is now. @returns the name; undefined when nobody gave one */
export async function askName(): Promise<string | undefined> {
  nameQuestion.get()?.(undefined);
  const given = await new Promise<string | undefined>((resolve) => nameQuestion.set(resolve));
  nameQuestion.set(null);
  if (given === undefined) return undefined;
  nameReader(given);
  return reader.get().name ?? undefined;
}

/** @returns undefined when nobody wants to be named */
export function knownName(): Promise<string | undefined> {
  const { name } = reader.get();
  return name === null ? askName() : Promise.resolve(name);
}

export function storedName(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}
