import panel from "../panel/panel.css";
import study from "../panel/study.css";
import report from "../report/report.css";
import viewport from "../viewport/viewport.css";
import worklist from "../worklist/worklist.css";
import common from "./common.css";

const STYLE_ID = "vigil-style";

/** Puts our style sheets into the page, once. Every class in them begins with `vigil-`. */
export function injectStyle(): void {
  if (document.getElementById(STYLE_ID)) return;
  const style = document.createElement("style");
  style.id = STYLE_ID;
  style.textContent = [common, worklist, panel, study, viewport, report].join("\n");
  document.head.append(style);
}
