import { REPORT_HANDLER, REPORT_VIEWPORT } from "../ids.ts";
import type { AppConfig } from "../ohif-types.ts";

const BASIC_VIEWER = "@ohif/mode-longitudinal";

/**
 * Lets OHIF's own viewer show our reports as pages, too: by itself it opens a report without measurements as an empty
 * viewport. Must run before OHIF makes its modes; a site's own settings for that mode win.
 */
export function showReportsInBasicViewer(appConfig: AppConfig): void {
  const viewport = { namespace: REPORT_VIEWPORT, displaySetsToDisplay: [REPORT_HANDLER] };
  const changes = {
    sopClassHandlers: { $unshift: [REPORT_HANDLER] },
    routes: { 0: { layoutInstance: { props: { viewports: { $unshift: [viewport] } } } } },
  };
  appConfig.modesConfiguration = { [BASIC_VIEWER]: changes, ...appConfig.modesConfiguration };
}
