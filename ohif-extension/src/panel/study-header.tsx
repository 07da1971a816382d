import React from "react";
import type { DisplaySet, Instance, Ohif } from "../ohif-types.ts";
import { openedStudy } from "../studies.ts";
import { useStore } from "../ui/use-store.ts";
import type { ViewOnScreen } from "../viewport/views.ts";
import { dateWords, relationWords, studyOnScreen } from "./study-words.ts";

/** Whose study the panel speaks of: the one in the active viewport, and whether it is the one that was opened. */
export function StudyHeader({ ohif, view }: { ohif: Ohif; view: ViewOnScreen }) {
  const openedUid = useStore(openedStudy);
  const image = firstImage(view.displaySet);
  if (image === undefined) return null;
  const shown = studyOnScreen(image);
  const opened = openedUid === null ? undefined : imageOfStudy(ohif, openedUid);
  const relation = openedUid === shown.studyInstanceUid ? "" : relationWords(shown, opened && studyOnScreen(opened));
  const facts = [shown.sex, shown.age, dateWords(shown.studyDate), shown.description].filter((fact) => fact !== "");
  return (
    <header className="vigil-study" data-cy="vigil-study" data-study={shown.studyInstanceUid}>
      <h2>{shown.name}</h2>
      <p className="vigil-muted">{facts.join(" · ")}</p>
      {relation !== "" && (
        <p className="vigil-relation" data-cy="vigil-relation">
          {relation}
        </p>
      )}
    </header>
  );
}

function firstImage({ instances, instance }: DisplaySet): Instance | undefined {
  return instances?.[0] ?? (instance as Instance | undefined);
}

function imageOfStudy({ servicesManager }: Ohif, studyInstanceUid: string): Instance | undefined {
  const displaySets = servicesManager.services.displaySetService.getActiveDisplaySets();
  const displaySet = displaySets.find((other) => other.StudyInstanceUID === studyInstanceUid);
  return displaySet && firstImage(displaySet);
}
