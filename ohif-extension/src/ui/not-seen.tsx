import React from "react";
import { t, translateSentence } from "../../../src/contract/translate.ts";

interface NotSeenProps {
  /** What was not seen, in few words; and the whole sentence, where there is one. */
  items: { what: string; sentence?: string }[];
}

/** Everything that was not seen, as a plain list; nothing when the head was seen whole. */
export function NotSeen({ items }: NotSeenProps) {
  if (items.length === 0) return null;
  return (
    <div className="vigil-not-seen" data-cy="vigil-not-seen">
      <h4>{t("The head was not seen whole")}</h4>
      <ul>
        {unique(items, ({ what, sentence }) => `${what} ${sentence}`).map(([key, { what, sentence }]) => (
          <li key={key}>
            {translateSentence(what)}
            {sentence !== undefined && <span className="vigil-not-seen-sentence">{sentence}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What was odd without hiding anything, summed up in one line that opens. */
export function Remarks({ messages }: { messages: string[] }) {
  if (messages.length === 0) return null;
  const all = unique(messages, (message) => message);
  return (
    <details className="vigil-remarks" data-cy="vigil-remarks">
      <summary>
        {all.length === 1 ? t("1 remark on the images") : t("{count} remarks on the images", { count: all.length })}
      </summary>
      <ul>
        {all.map(([key, message]) => (
          <li key={key}>{message}</li>
        ))}
      </ul>
    </details>
  );
}

function unique<T>(items: T[], keyOf: (item: T) => string): [string, T][] {
  return [...new Map(items.map((item) => [keyOf(item), item]))];
}
