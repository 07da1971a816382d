import { REPORT_HANDLER } from "../ids.ts";
import type { Instance, Ohif, ReportDisplaySet, SopClassHandler } from "../ohif-types.ts";
import { isVigilReport } from "./report-content.ts";

const OHIF_REPORT_HANDLER = "@ohif/extension-cornerstone-dicom-sr.sopClassHandlerModule.dicom-sr";
const COMPREHENSIVE_SR_STORAGE = "1.2.840.10008.5.1.4.1.1.88.33";

/**
 * Takes our reports, and leaves every other one to OHIF. The display set is OHIF's own, so that its measurements can
 * still be loaded; only the viewport is ours.
 */
export function createReportHandler({ extensionManager }: Ohif): SopClassHandler {
  return {
    name: "report",
    sopClassUids: [COMPREHENSIVE_SR_STORAGE],
    getDisplaySetsFromSeries(instances: Instance[]): ReportDisplaySet[] {
      const reports = instances.filter(isVigilReport);
      if (reports.length === 0) return [];
      const ohifHandler = extensionManager.getModuleEntry(OHIF_REPORT_HANDLER) as SopClassHandler;
      const displaySets = ohifHandler.getDisplaySetsFromSeries(reports);
      // Changed in place: OHIF's display sets hold on to themselves.
      for (const displaySet of displaySets) displaySet.SOPClassHandlerId = REPORT_HANDLER;
      return displaySets;
    },
  };
}
