import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { Html, html } from "./html.ts";

/** Charts as SVG that stands in the page. Colours are told apart in grey print too. */

export const INK = "#1a2233";
export const ACCENT = "#1f6f8b";
export const ALARM = "#b3261e";

const WIDTH_PX = 340;
const HEIGHT_PX = 190;

export interface Chart {
  caption: string;
  options: Plot.PlotOptions;
}

/** What is needed of the DOM's; the service is compiled without its types. */
interface Element {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
}

export function figure({ caption, options }: Chart): Html {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const common = { width: WIDTH_PX, height: HEIGHT_PX, style: { fontSize: "12px" }, document };
  const chart = Plot.plot({ ...common, ...options }) as unknown as Element;
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", caption);
  return html`<figure><figcaption>${caption}</figcaption>${new Html(chart.outerHTML)}</figure>`;
}

/** Something counted in bins of equal width. */
export interface Histogram {
  /** The left edge of the first bin. */
  from: number;
  binWidth: number;
  counts: readonly number[];
}

export function histogram(caption: string, { from, binWidth, counts }: Histogram, label: string | null): Html {
  const bins = counts.map((count, i) => ({ x1: from + i * binWidth, x2: from + (i + 1) * binWidth, count }));
  return figure({
    caption,
    options: {
      marginLeft: 52,
      x: { label },
      y: { label: null, grid: true, ticks: 4, tickFormat: "~s" },
      marks: [Plot.rectY(bins, { x1: "x1", x2: "x2", y: "count", fill: ACCENT, inset: 0.3 }), Plot.ruleY([0])],
    },
  });
}

export interface Bar {
  name: string;
  value: number;
  /** Stands at the end of the bar; the value itself when absent. */
  text?: string;
}

/** Bars from the top down, in the order given. */
export function bars(caption: string, rows: readonly Bar[], { percent = false } = {}): Html {
  const longest = Math.max(4, ...rows.map(({ name }) => name.length));
  const top = Math.max(...rows.map(({ value }) => value), percent ? 0.01 : 1);
  return figure({
    caption,
    options: {
      height: 30 + rows.length * 22,
      marginLeft: Math.min(170, 12 + longest * 6.6),
      marginRight: 64,
      marginBottom: 8,
      x: { axis: null, domain: [0, top] },
      y: { label: null, domain: rows.map(({ name }) => name), tickSize: 0 },
      marks: [
        Plot.barX(rows, { x: "value", y: "name", fill: ACCENT, insetTop: 2, insetBottom: 2 }),
        Plot.text(rows, { x: "value", y: "name", text: textOf(percent), textAnchor: "start", dx: 5, fill: INK }),
      ],
    },
  });
}

function textOf(percent: boolean) {
  return ({ value, text }: Bar) => text ?? (percent ? `${(100 * value).toFixed(2)} %` : count(value));
}

/** A matrix of shares or correlations, -1 to 1 or 0 to 1, with its numbers in the cells. */
export function matrix(
  caption: string,
  names: readonly string[],
  value: (row: number, column: number) => number | null,
): Html {
  const cells = names.flatMap((row, i) =>
    names.map((column, j) => ({ row, column, value: value(i, j), text: twoDigits(value(i, j)) })),
  );
  return figure({
    caption,
    options: {
      height: 250,
      marginLeft: 112,
      marginTop: 8,
      marginBottom: 64,
      padding: 0.04,
      x: { label: null, domain: names, tickRotate: -35, tickSize: 0 },
      y: { label: null, domain: names, tickSize: 0 },
      color: { type: "linear", domain: [0, 1], range: ["#eef3f6", ACCENT], clamp: true },
      marks: [
        Plot.cell(cells, { x: "column", y: "row", fill: ({ value: share }) => share ?? 0 }),
        Plot.text(cells, {
          ...{ x: "column", y: "row", text: "text" },
          fill: ({ value: share }) => ((share ?? 0) > 0.55 ? "#fff" : INK),
        }),
      ],
    },
  });
}

/** With thin spaces between thousands. */
export function count(value: number): string {
  return value.toLocaleString("en").replaceAll(",", "\u202f");
}

/** "–" for what is not known; never -0.00. */
function twoDigits(value: number | null): string {
  return value === null ? "–" : value.toFixed(2).replace(/^-(0\.00)$/, "$1");
}
