import { translateWith } from "../../../src/contract/translate.ts";
import { language } from "./current-language.ts";
import { type HostI18n, hostI18n } from "./host-i18n.ts";

/**
 * The language of the page is OHIF's: the one of the browser, or what was chosen in OHIF's preferences. Our texts are a
 * namespace of OHIF's i18next, so that whoever knows another language adds it there: `addResourceBundle("fr", "Vigil",
 * {…})`, English text by English text.
 */

const NAMESPACE = "Vigil";

/** By the first part of a language's tag. English needs none; each is loaded when it is wanted. */
const TRANSLATIONS: Record<string, () => Promise<{ default: Record<string, string> }>> = {
  de: () => import("./german/index.ts"),
};

let host: HostI18n | undefined;

/** A text of OHIF's own, "Namespace:Text". */
export function hostText(key: string): string {
  return host?.t(key) ?? key.split(":").at(-1) ?? key;
}

/** Resolves once the texts of OHIF's language are there. Without them the page goes on in English. */
export async function followLanguage(): Promise<void> {
  const i18n = hostI18n();
  host = i18n;
  if (i18n === undefined) {
    reportError(new Error("Vigil found no i18next in this version of OHIF: its texts are in English"));
    return;
  }
  translateWith((english) => lookUp(i18n, english));
  i18n.on("languageChanged", (tag) => void speak(i18n, tag));
  await speak(i18n, i18n.language ?? "en");
}

async function speak(i18n: HostI18n, tag: string): Promise<void> {
  const [primary = ""] = tag.split("-");
  const load = TRANSLATIONS[primary];
  if (load !== undefined && !i18n.hasResourceBundle(primary, NAMESPACE)) {
    try {
      i18n.addResourceBundle(primary, NAMESPACE, (await load()).default, true, false);
    } catch (error) {
      reportError(new Error(`Vigil's texts in "${primary}" cannot be loaded: they are in English`, { cause: error }));
    }
  }
  if (i18n.language !== undefined && i18n.language !== tag) return;
  const isSpoken = i18n.hasResourceBundle(primary, NAMESPACE) || i18n.hasResourceBundle(tag, NAMESPACE);
  const spoken = isSpoken ? tag : "en";
  translateWith((english) => lookUp(i18n, english), (1.5).toLocaleString(spoken).charAt(1));
  language.set(spoken);
}

function lookUp(i18n: HostI18n, english: string): string | undefined {
  for (const tag of i18n.languages ?? []) {
    const found = i18n.getResource(tag, NAMESPACE, english);
    if (found !== undefined) return found;
  }
  return undefined;
}
