/** Names that OHIF finds our parts by. The extension and the mode are two bundles: this is what they share. */

export const EXTENSION_ID = "ohif-extension-vigil";
export const MODE_ID = "ohif-mode-vigil";
export const MODE_ROUTE = "vigil";

/** Where the service serves the extension; OHIF's loader needs something it can import. */
export const EXTENSION_URL = "/vigil/extension.js";

export const FINDINGS_PANEL = `${EXTENSION_ID}.panelModule.findings`;
export const REPORT_HANDLER = `${EXTENSION_ID}.sopClassHandlerModule.report`;
export const REPORT_VIEWPORT = `${EXTENSION_ID}.viewportModule.report`;
export const HANGING_PROTOCOL = "vigil";
export const HANGING_PROTOCOL_BESIDE = "vigilBeside";

/** Named in full, behind the extension and "dataSourcesModule", in the configuration that the service serves. */
export const WORKLIST_SOURCE = "worklist";

export const COMMANDS = {
  loadStudies: "vigilLoadStudies",
  showSlice: "vigilShowSlice",
  nextKeySlice: "vigilNextKeySlice",
  toggleHeatMap: "vigilToggleHeatMap",
  setHeatMapOpacity: "vigilSetHeatMapOpacity",
  setWindow: "vigilSetWindow",
  answer: "vigilAnswer",
  sayNegative: "vigilSayNegative",
  undoAnswer: "vigilUndoAnswer",
  toggleBeside: "vigilToggleBeside",
  linkBeside: "vigilLinkBeside",
  nextStudy: "vigilNextStudy",
  toList: "vigilToList",
  rescore: "vigilRescore",
  loadNewImages: "vigilLoadNewImages",
  toggleKeys: "vigilToggleKeys",
} as const;

export const HEAT_MAP_BUTTON = "VigilHeatMap";
export const EVALUATE_HEAT_MAP = "evaluate.vigilHeatMap";
