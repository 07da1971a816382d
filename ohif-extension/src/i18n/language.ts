import { translateWith } from "../../../src/contract/translate.ts";
import { createStore } from "../ui/store.ts";
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

/** BCP 47 tag of the language that our texts are in now; whoever shows texts follows it. */
export const language = createStore("en");

/** Resolves once the texts of OHIF's language are there. Without them the page goes on in English. */
export async function followLanguage(): Promise<void> {
  const host = hostI18n();
  if (host === undefined) {
    reportError(new Error("Vigil found no i18next in this version of OHIF: its texts are in English"));
    return;
  }
  translateWith((english) => lookUp(host, english));
  host.on("languageChanged", (tag) => void speak(host, tag));
  await speak(host, host.language ?? "en");
}

async function speak(host: HostI18n, tag: string): Promise<void> {
  const [primary = ""] = tag.split("-");
  const load = TRANSLATIONS[primary];
  if (load !== undefined && !host.hasResourceBundle(primary, NAMESPACE)) {
    try {
      host.addResourceBundle(primary, NAMESPACE, (await load()).default, true, false);
    } catch (error) {
      reportError(new Error(`Vigil's texts in "${primary}" cannot be loaded: they are in English`, { cause: error }));
    }
  }
  if (host.language !== undefined && host.language !== tag) return;
  const isSpoken = host.hasResourceBundle(primary, NAMESPACE) || host.hasResourceBundle(tag, NAMESPACE);
  const spoken = isSpoken ? tag : "en";
  translateWith((english) => lookUp(host, english), (1.5).toLocaleString(spoken).charAt(1));
  language.set(spoken);
}

function lookUp(host: HostI18n, english: string): string | undefined {
  for (const tag of host.languages ?? []) {
    const found = host.getResource(tag, NAMESPACE, english);
    if (found !== undefined) return found;
  }
  return undefined;
}
