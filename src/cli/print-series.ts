import type { SeriesDecision } from "../contract/series.ts";
import type { Warning } from "../contract/warning.ts";
import { colour, printLine, wrap } from "./print.ts";

/** What was not seen comes first: it limits what can be said. */
export function printWarnings(warnings: Warning[]): void {
  const limits = ({ limitsFlag }: Warning) => limitsFlag;
  for (const { message } of warnings.filter(limits)) {
    printLine(`  ${colour("yellow", "◆ not seen:")} ${wrap(message, 14, 4)}`);
  }
  for (const { message } of warnings.filter((one) => !limits(one))) {
    printLine(`  ${colour("yellow", "!")} ${wrap(message, 4)}`);
  }
}

/** Which series are read, and what was held for and against each. */
export function printSeries(series: SeriesDecision[]): void {
  for (const decision of series) {
    const mark = decision.chosen ? colour("green", "→") : " ";
    const name = decision.description || decision.seriesInstanceUid;
    const images = `${decision.instances} image${decision.instances === 1 ? "" : "s"}`;
    const points = decision.score < 0 ? "" : `, ${decision.score} points`;
    const facts = `${decision.modality}, ${images}${points}`;
    printLine(`  ${mark} ${wrap(`${name} (${facts}): ${decision.reasons.join(", ")}`, 4, 6)}`);
  }
}
