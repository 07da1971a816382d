import { useStore } from "../ui/use-store.ts";
import { language } from "./current-language.ts";

/** The component, with what it renders, says its texts anew when the language changes. @returns the language's tag */
export function useLanguage(): string {
  return useStore(language);
}
