import React from "react";
import type { WorklistItem } from "../../../src/contract/worklist.ts";
import { readWords } from "./read-words.ts";

export function ReadMark({ item }: { item: Pick<WorklistItem, "read" | "reading"> }) {
  const words = readWords(item);
  if (words === undefined) return null;
  return (
    <span className={`vigil-read vigil-read-${words.tone}`} data-cy="vigil-read" title={words.text}>
      <span aria-hidden="true">{words.symbol}</span> {words.text}
    </span>
  );
}
