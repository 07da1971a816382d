import { findHostModule } from "../host-modules.ts";

/** What we use of OHIF's i18next. Keys are whole texts: OHIF sets no separator of keys. */
export interface HostI18n {
  /** BCP 47 tag */
  language?: string;
  /** The language and what it falls back to, best first. */
  languages?: string[];
  /** OHIF's own texts, "Namespace:Text". */
  t(key: string): string;
  on(event: "languageChanged", listener: (tag: string) => void): void;
  getResource(tag: string, namespace: string, key: string): string | undefined;
  hasResourceBundle(tag: string, namespace: string): boolean;
  addResourceBundle(
    tag: string,
    namespace: string,
    texts: Record<string, string>,
    isDeep: boolean,
    replacesOthers: boolean,
  ): void;
}

/** i18next is one module of 80 KB. */
const I18NEXT_MAX_LENGTH = 300_000;

/** OHIF's i18next, which it does not offer; undefined when it is not found. */
export function hostI18n(): HostI18n | undefined {
  const exports = findHostModule(/changeLanguage\(lng, ?callback\)/, I18NEXT_MAX_LENGTH, holdsI18n);
  return exports && Object.values(exports).find(isI18n);
}

function holdsI18n(exports: unknown): exports is Record<string, unknown> {
  return typeof exports === "object" && exports !== null && Object.values(exports).some(isI18n);
}

function isI18n(candidate: unknown): candidate is HostI18n {
  const i18n = candidate as Partial<HostI18n> | null | undefined;
  return typeof i18n?.getResource === "function" && typeof i18n.addResourceBundle === "function";
}
