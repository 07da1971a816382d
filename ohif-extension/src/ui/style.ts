import viewport from "../viewport/viewport.css";
import worklist from "../worklist/worklist.css";
import common from "./common.css";

const STYLE_ID = "vigil-style";

/** Puts our style sheets into the page, once. Every class in them begins with `vigil-`. */
export function injectStyle(): void {
  if (document.getElementById(STYLE_ID)) return;
  const style = addStyle([common, worklist, viewport].join("\n"));
  style.id = STYLE_ID;
}

/** For a chunk that brings its own; call it once, where the chunk begins. */
export function addStyle(css: string): HTMLStyleElement {
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  return style;
}
