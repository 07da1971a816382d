import type { DataSource, ExtensionManager, StudyRow } from "../ohif-types.ts";
import { listRevision } from "./list-refresh.ts";
import { rowOf } from "./list-row.ts";
import { listNotice, listView, shownItems } from "./list-view.ts";
import { triage } from "./triage-state.ts";
import { worklistKnown } from "./worklist-reader.ts";

const BUILT_IN = "@ohif/extension-default.dataSourcesModule.dicomweb";

/** What OHIF asks a PACS for when nobody says otherwise: many a PACS gives no more, so a longer list would be a guess. */
const PACS_LIMIT = 101;

const WORKLIST_UNREAD = "Vigil's work list cannot be read: these are studies of the PACS, in no order of urgency";

type CreateDataSource = (configuration: object, services: object, extensions: ExtensionManager) => DataSource;

/**
 * OHIF's own DICOMweb source, but its study list comes from Vigil's work list: a PACS of more studies than OHIF asks
 * for would hide the flagged ones among the others. Every query of the viewer goes to the PACS as before.
 */
export const createWorklistSource: CreateDataSource = (configuration, services, extensions) => {
  const builtIn = extensions.getModuleEntry(BUILT_IN) as { createDataSource: CreateDataSource };
  const source = builtIn.createDataSource(configuration, services, extensions);
  const { studies } = source.query;
  const { search } = studies;
  const { getConfig } = source;
  source.getConfig = () => ({ ...getConfig(), queryLimit: listRevision() });
  // Only the list asks with a limit; the viewer asks for a study or for a patient.
  studies.search = (query) =>
    query && "limit" in query ? listRows(() => search({ ...query, limit: PACS_LIMIT })) : search(query);
  return source;
};

/** Whatever fails, the other source of rows takes its place, and it is said. */
async function listRows(searchPacs: () => Promise<StudyRow[]>): Promise<StudyRow[]> {
  if (listView.get().group === "pacs") {
    try {
      const rows = await searchPacs();
      listNotice.set(rows.length < PACS_LIMIT ? "" : `The first ${rows.length} of the PACS: narrow it down below`);
      return rows;
    } catch {
      listNotice.set("The PACS does not answer: these are the studies that Vigil knows");
      listView.set({ group: "all", text: "" });
    }
  }
  try {
    await worklistKnown();
  } catch {
    listNotice.set(WORKLIST_UNREAD);
    return searchPacs();
  }
  if (listNotice.get() === WORKLIST_UNREAD) listNotice.set("");
  return shownItems(triage.get().items.values(), listView.get()).map(rowOf);
}
