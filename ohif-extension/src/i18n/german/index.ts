import list from "./list.ts";
import panel from "./panel.ts";
import sentences from "./sentences.ts";
import words from "./words.ts";

/** By English text, as it stands where it is used. */
const german: Record<string, string> = { ...words, ...sentences, ...list, ...panel };

export default german;
