import React from "react";
import type { StudyResource } from "../../../src/contract/study.ts";
import { NotSeen, Remarks } from "../ui/not-seen.tsx";

/** What the reading of a study has to say about itself: what it did not see, then what was odd. */
export function Warnings({ study }: { study: StudyResource }) {
  const notSeen = study.warnings.flatMap(({ notSeen: what, message }) =>
    what === null ? [] : [{ what, sentence: message }],
  );
  const remarks = study.warnings.flatMap(({ notSeen: what, message }) => (what === null ? message : []));
  return (
    <>
      <NotSeen items={notSeen} />
      <Remarks messages={remarks} />
    </>
  );
}
