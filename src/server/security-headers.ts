import type { RequestHandler } from "express";

/**
 * OHIF needs inline styles, WebAssembly (image codecs), and workers, images and documents made in the page (blob:).
 * Everything else comes from this origin, or not at all.
 * @param inlineScripts the scripts that a page may hold, as hashes ('sha256-…')
 */
export function contentSecurityPolicy(inlineScripts: string[] = []): string {
  return [
    "default-src 'self'",
    ["script-src 'self'", ...inlineScripts, "'wasm-unsafe-eval'"].join(" "),
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self' blob: data:",
    "media-src 'self' blob:",
    "object-src 'self' blob:",
    "frame-src 'self' blob:",
    "frame-ancestors 'self'",
    "base-uri 'self'",
    "form-action 'self'",
  ].join("; ");
}

const WITHOUT_INLINE_SCRIPTS = contentSecurityPolicy();

export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    "content-security-policy": WITHOUT_INLINE_SCRIPTS,
    "x-content-type-options": "nosniff",
    // Addresses of the viewer hold UIDs.
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
  });
  next();
};
