import { enterState, identifyStudy } from "../store/studies.ts";
import type { StudyRow } from "../store/study-row.ts";
import type { TriageContext } from "./context.ts";
import type { FoundStudy } from "./find-in-pacs.ts";

/**
 * A study is complete when the PACS says so for the first time, or when its number of instances has not changed for
 * `stableS`. Records what the PACS tells about the study on the way, so that the work list can name it.
 * @returns null when it is stable, else when to look again
 */
export async function stableAt(
  { config, database: { db } }: TriageContext,
  study: StudyRow,
  { pacs, summary }: FoundStudy,
): Promise<Date | null> {
  const { attributes, instances, modalities: modalitiesInStudy } = summary;
  // A PACS may answer from any one object of the study, our report among them, which does not say.
  const priority = summary.priority ?? study.priority;
  const beside = { modalitiesInStudy, priority, ward: summary.ward ?? study.ward };
  const identified = await identifyStudy(db, pacs.name, attributes, instances, beside);
  // Once there is a result the PACS may have meant our own report, and more slices may be on their way by now.
  if (study.saidStable && (study.resultId === null || study.forced)) return null;
  const changedAt = identified.instancesChangedAt ?? identified.receivedAt;
  const readyAt = new Date(changedAt.getTime() + config.stableS * 1000);
  if (readyAt.getTime() <= Date.now()) return null;
  // A study that has a result keeps its state: the news may be nothing but our own report.
  if (study.state === "received" || study.state === "failed") {
    await enterState(db, study.studyInstanceUid, "waiting", `${summary.instances ?? "an unknown number of"} instances`);
  }
  return readyAt;
}
