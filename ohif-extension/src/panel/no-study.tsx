import React from "react";
import type { NoStudy } from "../studies.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import { ActionButton, Notice } from "./notice.tsx";

interface Words {
  title: string;
  /** What a reader can do. */
  advice: string;
}

const UNREACHABLE: Words = {
  title: "Vigil cannot be reached.",
  advice: "There is no verdict on this study until it answers; read the images without it.",
};

const WORDS: Record<Exclude<NoStudy["why"], "refused">, Words> = {
  loading: { title: "Loading what Vigil says of this study …", advice: "" },
  unknown: {
    title: "Vigil does not know this study: there is no verdict.",
    advice: "It scores what arrives in the PACS while it watches. Read the images without it.",
  },
  deleted: {
    title: "This study was deleted in Vigil: its verdict no longer stands.",
    advice: "Go back to the list, or try again if it was sent anew.",
  },
  unreachable: UNREACHABLE,
};

export function noStudyWords({ why, status }: NoStudy): Words {
  return why === "refused" ? { ...UNREACHABLE, title: `Vigil answered with error ${status}.` } : WORDS[why];
}

/** Instead of a verdict: why there is none, and what to do. */
export function NoStudyCard({ noStudy, actions }: { noStudy: NoStudy; actions: ViewerActions }) {
  const { title, advice } = noStudyWords(noStudy);
  if (noStudy.why === "loading") {
    return (
      <p className="vigil-muted" data-cy="vigil-no-study">
        {title}
      </p>
    );
  }
  return (
    <Notice name="no-study">
      <p data-cy="vigil-no-study">
        <b>⊘ {title}</b>
      </p>
      <p>{advice}</p>
      <ActionButton
        name="retry"
        label="Try again"
        act={async () => {
          await actions.retry();
          return undefined;
        }}
      />
    </Notice>
  );
}
