import { fetchSession } from "./api.ts";
import { createStore } from "./ui/store.ts";

/** Who answers: the login that Vigil is told, or a name that is asked once and remembered on this machine. */
export interface Reader {
  /** null: not asked yet. */
  name: string | null;
  /** A login cannot be changed here. */
  isLogin: boolean;
}

const STORAGE_KEY = "vigil-reader";
export const NAME_LENGTH = 64;

export const reader = createStore<Reader>({ name: null, isLogin: false });

/** Set while the name is asked for; gets the name, or undefined when nobody wants to give one. */
export const nameQuestion = createStore<((name: string | undefined) => void) | null>(null);

/** A page that may not keep anything asks again the next time. */
function storedName(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

/** From the login, else from the last time; and from then on from other pages of this browser. */
export async function followReader(): Promise<void> {
  const takeStored = () => {
    if (!reader.get().isLogin) reader.set({ name: storedName(), isLogin: false });
  };
  takeStored();
  addEventListener("storage", ({ key }) => key === STORAGE_KEY && takeStored());
  // A service that does not answer now takes no answers either: the name at hand does until it does.
  const login = await fetchSession().then(
    (session) => session.reader,
    () => null,
  );
  if (login !== null) reader.set({ name: login, isLogin: true });
}

/** Asks for a name, whatever it is now. @returns the name; undefined when nobody gave one */
export async function askName(): Promise<string | undefined> {
  nameQuestion.get()?.(undefined);
  const given = await new Promise<string | undefined>((resolve) => nameQuestion.set(resolve));
  nameQuestion.set(null);
  const name = given?.trim().slice(0, NAME_LENGTH);
  if (!name) return undefined;
  reader.set({ name, isLogin: false });
  try {
    localStorage.setItem(STORAGE_KEY, name);
  } catch {
    // Asked again the next time.
  }
  return name;
}

/** @returns undefined when nobody wants to be named */
export function knownName(): Promise<string | undefined> {
  const { name } = reader.get();
  return name === null ? askName() : Promise.resolve(name);
}
