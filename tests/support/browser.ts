import { existsSync } from "node:fs";
import path from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

/** WebGL runs in software; nothing of Chromium's own calls home during a test. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The system's Chromium, without a window. */
export function startBrowser(): Promise<Browser> {
  const dirs = (process.env.PATH ?? "").split(path.delimiter);
  const executablePath = dirs.map((dir) => path.join(dir, "chromium")).find((file) => existsSync(file));
  if (executablePath === undefined) throw new Error("chromium is not on the PATH: `npm run setup -- --tests`");
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

/** What goes wrong in a page from now on: errors on its console, exceptions, requests that fail. */
export function collectProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  return problems;
}
