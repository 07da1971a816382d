import React from "react";
import { english, t } from "../../../src/contract/translate.ts";
import type { NoStudy } from "../studies.ts";
import type { ViewerActions } from "../viewport/viewer-actions.ts";
import { ActionButton, Notice } from "./notice.tsx";

interface Words {
  title: string;
  /** What a reader can do. */
  advice: string;
}

const UNREACHABLE: Words = {
  title: english("Vigil cannot be reached."),
  advice: english("There is no verdict on this study until it answers; read the images without it."),
};

const WORDS: Record<Exclude<NoStudy["why"], "refused">, Words> = {
  loading: { title: english("Loading what Vigil says of this study …"), advice: "" },
  unknown: {
    title: english("Vigil does not know this study: there is no verdict."),
    advice: english("It scores what arrives in the PACS while it watches. Read the images without it."),
  },
  deleted: {
    title: english("This study was deleted in Vigil: its verdict no longer stands."),
    advice: english("Go back to the list, or try again if it was sent anew."),
  },
  unreachable: UNREACHABLE,
};

export function noStudyWords({ why, status = 0 }: NoStudy): Words {
  const { title, advice } = WORDS[why === "refused" ? "unreachable" : why];
  return {
    title: why === "refused" ? t("Vigil answered with error {status}.", { status }) : t(title),
    advice: t(advice),
  };
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
        label={t("Try again")}
        act={async () => {
          await actions.retry();
          return undefined;
        }}
      />
    </Notice>
  );
}
