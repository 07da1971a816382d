import React from "react";
import type { StudyResource } from "../../../src/contract/study.ts";
import { t } from "../../../src/contract/translate.ts";
import { reader } from "../reader.ts";
import { useStore } from "../ui/use-store.ts";
import { triage } from "../worklist/triage-state.ts";
import { whenWords } from "./times.ts";

/** That somebody else has the study open; it keeps nobody from reading it. */
export function BeingRead({ study }: { study: StudyResource }) {
  const item = useStore(triage).items.get(study.studyInstanceUid);
  const { name } = useStore(reader);
  const reading = item === undefined ? study.reading : item.reading;
  if (reading === null || reading.reader === name) return null;
  return (
    <p className="vigil-being-read" role="status" data-cy="vigil-being-read">
      ◉ {t("Being read by {reader} since {time}", { reader: reading.reader, time: whenWords(reading.since) })}
    </p>
  );
}
