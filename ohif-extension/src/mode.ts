import {
  COMMANDS,
  EVALUATE_HEAT_MAP,
  EXTENSION_ID,
  EXTENSION_URL,
  FINDINGS_PANEL,
  HANGING_PROTOCOL,
  HEAT_MAP_BUTTON,
  MODE_ID,
  MODE_ROUTE,
  REPORT_HANDLER,
  REPORT_VIEWPORT,
} from "./ids.ts";
import { withOurHotkeys } from "./keys.ts";
import type { CommandsManager, Ohif } from "./ohif-types.ts";
import { WINDOWS } from "./viewport/window-table.ts";

/** Of OHIF's basic mode: what ours changes or hands on. */
interface BaseMode {
  extensions: Record<string, string>;
  sopClassHandlers: string[];
  toolbarButtons: unknown[];
  routes: [BaseRoute, ...BaseRoute[]];
  onModeEnter(this: unknown, ohif: Ohif): void;
  onModeExit(this: unknown, ohif: Ohif): void;
}

interface BaseRoute {
  layoutInstance: { props: { rightPanels: string[]; viewports: object[] } };
}

interface ModeFactoryContext {
  loadModules(names: string[]): Promise<[{ modeInstance: BaseMode }]>;
}

const PANEL_WIDTH_PX = 340;

const heatMapButton = {
  id: HEAT_MAP_BUTTON,
  uiType: "ohif.toolButton",
  props: {
    icon: "tool-fusion-color",
    label: "AI heat map",
    tooltip: "AI heat map (H)",
    commands: COMMANDS.toggleHeatMap,
    evaluate: EVALUATE_HEAT_MAP,
  },
};

/** In OHIF's own menu of windows, too. */
const WINDOW_PRESETS = Object.fromEntries(
  WINDOWS.flatMap(({ id, name, hu }) =>
    hu === null ? [] : [[id, { id, description: name, window: String(hu.width), level: String(hu.center) }]],
  ),
);

function routeWithPanel(base: BaseRoute): object {
  const { layoutInstance } = base;
  const { rightPanels, viewports } = layoutInstance.props;
  return {
    ...base,
    path: MODE_ROUTE,
    layoutInstance: {
      ...layoutInstance,
      props: {
        ...layoutInstance.props,
        rightPanels: [FINDINGS_PANEL, ...rightPanels],
        rightPanelClosed: false,
        rightPanelInitialExpandedWidth: PANEL_WIDTH_PX,
        rightPanelMinimumExpandedWidth: PANEL_WIDTH_PX,
        viewports: [{ namespace: REPORT_VIEWPORT, displaySetsToDisplay: [REPORT_HANDLER] }, ...viewports],
      },
    },
  };
}

function isValidMode({ modalities }: { modalities: string }) {
  return { valid: modalities.split("\\").includes("CT"), description: "Studies with CT images" };
}

function customize({ servicesManager }: Ohif): void {
  const { customizationService } = servicesManager.services;
  customizationService.setCustomizations([`${EXTENSION_ID}.customizationModule.viewer`]);
  customizationService.setCustomizations({ "ohif.hotkeyBindings": { $apply: withOurHotkeys } });
  customizationService.setCustomizations({ "cornerstone.windowLevelPresets": { CT: { $set: WINDOW_PRESETS } } });
}

function addHeatMapButton({ servicesManager }: Ohif): void {
  const { toolbarService } = servicesManager.services;
  const shown = toolbarService.getButtonSection("primary") ?? [];
  toolbarService.updateSection("primary", [...shown.map(({ id }) => id), HEAT_MAP_BUTTON]);
}

/** OHIF's basic mode with Vigil's panel open, its series hung first, its heat map, and its reports readable. */
export default {
  id: MODE_ID,

  async modeFactory({ loadModules }: ModeFactoryContext) {
    const [{ modeInstance: base }] = await loadModules(["@ohif/mode-basic"]);
    let commandsManager: CommandsManager | undefined;
    // The results must be there before OHIF decides what to show first.
    const loadResults = async ({ studyInstanceUIDs }: { studyInstanceUIDs: string[] }) => {
      await commandsManager?.runCommand(COMMANDS.loadStudies, { studyInstanceUids: studyInstanceUIDs });
    };
    return {
      ...base,
      id: MODE_ID,
      routeName: MODE_ROUTE,
      displayName: "AI triage",
      hide: false,
      hangingProtocol: HANGING_PROTOCOL,
      extensions: { ...base.extensions, [EXTENSION_URL]: "^0.1.0" },
      // First come, first served: our reports before OHIF's handler for every other one.
      sopClassHandlers: [REPORT_HANDLER, ...base.sopClassHandlers],
      toolbarButtons: [...base.toolbarButtons, heatMapButton],
      routes: [{ ...routeWithPanel(base.routes[0]), init: loadResults }],
      isValidMode,
      onModeEnter(ohif: Ohif) {
        commandsManager = ohif.commandsManager;
        customize(ohif);
        base.onModeEnter.call(this, ohif);
        addHeatMapButton(ohif);
      },
      onModeExit(ohif: Ohif) {
        base.onModeExit.call(this, ohif);
      },
    };
  },
};
