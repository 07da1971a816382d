import { createStore } from "../ui/store.ts";

/** BCP 47 tag of the language that our texts are in now; whoever shows texts follows it. */
export const language = createStore("en");
