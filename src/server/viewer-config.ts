/** The configuration of OHIF (https://docs.ohif.org/configuration/configurationFiles), served as `/app-config.js`. */

const DATA_SOURCE = "pacs";

/** OHIF's study list as the PACS tells it; and as Vigil does, which our extension brings along. */
const BUILT_IN_SOURCE = "@ohif/extension-default.dataSourcesModule.dicomweb";
const WORKLIST_SOURCE = "ohif-extension-vigil.dataSourcesModule.worklist";

const OHIF_CONFIG = {
  name: "Vigil",
  routerBasename: "/",
  showStudyList: true,
  customizationService: { global: { "ohif.tours": { $set: [] } } },
  maxNumberOfWebWorkers: 3,
  maxNumRequests: { interaction: 20, thumbnail: 5, prefetch: 10 },
  showWarningMessageForCrossOrigin: false,
  showCPUFallbackMessage: false,
  showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true,
  groupEnabledModesFirst: true,
  // Vigil's own panel and report say that it is for research.
  investigationalUseDialog: { option: "never" },
  showErrorDetails: "always",
  defaultDataSourceName: DATA_SOURCE,
  dataSources: [
    {
      namespace: BUILT_IN_SOURCE,
      sourceName: DATA_SOURCE,
      configuration: {
        friendlyName: "PACS",
        name: DATA_SOURCE,
        qidoRoot: "/pacs",
        wadoRoot: "/pacs",
        wadoUriRoot: "/pacs",
        qidoSupportsIncludeField: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        imageRendering: "wadors",
        thumbnailRendering: "wadors",
        enableStudyLazyLoad: true,
        dicomUploadEnabled: false,
        omitQuotationForMultipartRequest: true,
        bulkDataURI: { enabled: true, relativeResolution: "studies" },
      },
    },
  ],
};

/**
 * OHIF takes a function too. Ours imports the extension and the mode and goes on without one that fails to load:
 * without that the page would stay black. The list then is OHIF's own.
 */
export const VIEWER_CONFIG_SCRIPT = `window.config = async () => {
  const load = async (url) => {
    try {
      return [(await import(url)).default];
    } catch (error) {
      console.error("Vigil's part of the viewer cannot be loaded", url, error);
      return [];
    }
  };
  const config = ${JSON.stringify(OHIF_CONFIG)};
  const extensions = await load("/vigil/extension.js");
  if (extensions.length > 0) config.dataSources[0].namespace = ${JSON.stringify(WORKLIST_SOURCE)};
  return {
    ...config,
    extensions,
    modes: await load("/vigil/mode.js"),
  };
};
`;
