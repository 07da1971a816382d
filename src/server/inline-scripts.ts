import { createHash } from "node:crypto";

const SCRIPT = /<script\b([^>]*)>(.*?)<\/script>/gis;

/** The scripts that stand in a page itself, as a Content-Security-Policy names them (CSP level 3, 2.3.1). */
export function inlineScriptHashes(html: string): string[] {
  return [...html.matchAll(SCRIPT)]
    .filter(([, attributes]) => !/\ssrc\s*=/i.test(attributes ?? ""))
    .map(([, , script]) => `'sha256-${createHash("sha256").update(script!).digest("base64")}'`);
}
