import { t } from "../../../src/contract/translate.ts";
import type { DataSource, ExtensionManager, StudyQuery, StudyRow } from "../ohif-types.ts";
import { listRevision } from "./list-refresh.ts";
import { rowOf } from "./list-row.ts";
import { listNotice, listView, shownItems } from "./list-view.ts";
import { searchPacs } from "./pacs-rows.ts";
import { triage } from "./triage-state.ts";
import { worklistKnown } from "./worklist-reader.ts";

const BUILT_IN = "@ohif/extension-default.dataSourcesModule.dicomweb";

type Search = DataSource["query"]["studies"]["search"];
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
  studies.search = (query) => (query && "limit" in query ? listRows(search, query) : search(query));
  return source;
};

/** Whatever fails, the other source of rows takes its place, and it is said. */
async function listRows(search: Search, query: StudyQuery): Promise<StudyRow[]> {
  const { group, text } = listView.get();
  if (group === "pacs") {
    const rows = await pacsRows(search, query, text);
    if (rows !== undefined) return rows;
    listNotice.set(t("The PACS does not answer: these are the studies that Vigil knows"));
    listView.set({ group: "all", text });
  }
  try {
    await worklistKnown();
  } catch {
    isUnread = true;
    const { rows } = await searchPacs(search, query, text, () => {});
    listNotice.set(t("Vigil's work list cannot be read: these are studies of the PACS, in no order of urgency"));
    return rows;
  }
  if (isUnread) listNotice.set("");
  isUnread = false;
  return shownItems(triage.get().items.values(), listView.get()).map(rowOf);
}

let isUnread = false;

/** undefined when the PACS answered nothing at all. */
async function pacsRows(search: Search, query: StudyQuery, text: string): Promise<StudyRow[] | undefined> {
  const asking = (count: number) => listNotice.set(t("Asking the PACS: {count} studies so far", { count }));
  const { rows, isIncomplete, isCut } = await searchPacs(search, query, text, asking);
  const count = rows.length;
  if (isIncomplete && count === 0) return undefined;
  if (isIncomplete) {
    const again = t("Whole PACS");
    listNotice.set(
      t(
        "The PACS did not answer every query: of its studies {count} are shown, others may be missing. “{again}” asks again",
        {
          count,
          again,
        },
      ),
    );
  } else {
    listNotice.set(isCut ? t("The first {count} studies of the PACS: a search finds the others", { count }) : "");
  }
  return rows;
}
