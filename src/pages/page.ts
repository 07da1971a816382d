import { readFileSync } from "node:fs";
import { Html, html } from "./html.ts";

/** One part of a page, with its place in the contents. */
export interface Section {
  id: string;
  title: string;
  /** What the reader should take from it, in a sentence or two. */
  lead?: string | Html;
  body: Html | Html[];
}

export interface Page {
  title: string;
  subtitle: string;
  /** Large numbers at the top. */
  figures: { value: string; name: string }[];
  sections: Section[];
  /** The last lines: what made it, and what it is not. */
  footer: string[];
}

const STYLE = readFileSync(new URL("./page.css", import.meta.url), "utf8");

/**
 * A page that is one file: no script, no network, fit for screen and paper. A policy in its head forbids anything else,
 * whatever the data say.
 */
export function renderPage({ title, subtitle, figures, sections, footer }: Page): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="subtitle">${subtitle}</p>
<dl class="figures">${figures.map(({ value, name }) => html`<div><dd>${value}</dd><dt>${name}</dt></div>`)}</dl>
<nav aria-label="Contents">${sections.map(({ id, title: name }) => html`<a href="#${id}">${name}</a>`)}</nav>
</header>
<main>${sections.map(renderSection)}</main>
<footer>${footer.map((line) => html`<p>${line}</p>`)}</footer>
</body>
</html>
`;
  return text;
}

function renderSection({ id, title, lead, body }: Section): Html {
  return html`
<section id="${id}">
<h2>${title}</h2>
${lead === undefined ? null : html`<p class="lead">${lead}</p>`}
${body}
</section>`;
}
