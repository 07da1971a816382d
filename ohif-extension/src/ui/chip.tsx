import React from "react";
import type { StatusWords } from "../../../src/contract/words.ts";

/** A result in colour, shape and words. */
export function Chip({ status, title }: { status: StatusWords; title?: string | undefined }) {
  return (
    <span
      className={`vigil-chip vigil-chip-${status.tone}`}
      data-cy="vigil-chip"
      data-tone={status.tone}
      title={title ?? status.text}
    >
      <span aria-hidden="true">{status.symbol}</span>
      <span className="vigil-chip-text">{status.text}</span>
    </span>
  );
}
