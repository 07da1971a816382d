import React from "react";
import { createCommands } from "./commands.ts";
import { followLanguage } from "./i18n/language.ts";
import {
  EVALUATE_HEAT_MAP,
  EXTENSION_ID,
  HANGING_PROTOCOL,
  HANGING_PROTOCOL_BESIDE,
  MODE_ROUTE,
  WORKLIST_SOURCE,
} from "./ids.ts";
import { followConnection, watchStudiesOnScreen } from "./live.ts";
import type { AppConfig, DisplaySet, Ohif, ReportDisplaySet, StudyColumn, StudyRow } from "./ohif-types.ts";
import { learnLogin } from "./reader.ts";
import { followOtherPages } from "./reader-pages.ts";
import { claimWhileOpen } from "./reading-claim.ts";
import { showReportsInBasicViewer } from "./report/basic-viewer.ts";
import { createReportHandler } from "./report/sop-class-handler.ts";
import { followOpenStudies } from "./studies.ts";
import { lazyPart } from "./ui/lazy.tsx";
import { injectStyle } from "./ui/style.ts";
import type { PriorBeside } from "./viewport/beside.ts";
import { drawFindingBoxes } from "./viewport/finding-boxes.ts";
import { followScreen } from "./viewport/follow-screen.ts";
import { besideProtocol, hangingProtocol, registerHangingAttributes } from "./viewport/hanging-protocol.ts";
import { HeatMapControl } from "./viewport/heat-map.ts";
import { heatMapView } from "./viewport/heat-map-view.ts";
import { OverlayBadge } from "./viewport/overlay-badge.tsx";
import { SliceNumber, type SliceNumberProps } from "./viewport/slice-number.tsx";
import { openInItsWindow } from "./viewport/windows.ts";
import { withTriageColumns } from "./worklist/columns.tsx";
import { createCriticalNotice } from "./worklist/critical-notice.ts";
import { createWorklistSource } from "./worklist/data-source.ts";
import { followAlerts } from "./worklist/follow-alerts.ts";
import { LazyPreview } from "./worklist/lazy-preview.tsx";
import type { OpenStudy } from "./worklist/list-bar.ts";
import { followListKeys } from "./worklist/list-keys.ts";
import { type AskForList, createListRefresh } from "./worklist/list-refresh.ts";
import { startLiveFeed } from "./worklist/live-feed.ts";
import { Brand, countInTitle, LiveStatus } from "./worklist/live-header.tsx";

const loadPanel = async () => (await import("./panel/findings-panel.tsx")).FindingsPanel;
const FindingsPanel = lazyPart(loadPanel);
const ReportPage = lazyPart(async () => (await import("./report/report-page.tsx")).ReportPage);

let heatMap: HeatMapControl;
/** Fetched when it is wanted; ends with the mode. */
let beside: PriorBeside | undefined;
let askForList: AskForList;
let stopFollowing = () => {};

function opening({ commandsManager }: Ohif): OpenStudy {
  return (studyInstanceUid) => {
    const to = `/${MODE_ROUTE}?StudyInstanceUIDs=${studyInstanceUid}`;
    commandsManager.runCommand("navigateHistory", { to });
  };
}

/** Vigil in OHIF: what each part does is in the folder of its name; this only hands them to OHIF. */
export default {
  id: EXTENSION_ID,

  async preRegistration(ohif: Ohif & { appConfig: AppConfig }) {
    injectStyle();
    await followLanguage();
    ohif.appConfig.whiteLabeling ??= { createLogoComponentFn: () => <Brand /> };
    showReportsInBasicViewer(ohif.appConfig);
    heatMap = new HeatMapControl(ohif);
    registerHangingAttributes(ohif);
    askForList = createListRefresh(ohif);
    followListKeys();
    countInTitle();
    followConnection();
    void learnLogin();
    followOtherPages();
    const consumers = [createCriticalNotice(ohif, opening(ohif)), followOpenStudies];
    followAlerts(opening(ohif));
    startLiveFeed((event) => {
      for (const consume of consumers) consume(event);
    });
  },

  onModeEnter(ohif: Ohif) {
    const stops = [
      watchStudiesOnScreen(ohif),
      openInItsWindow(ohif),
      heatMap.follow(),
      claimWhileOpen(),
      drawFindingBoxes(ohif),
      followScreen(ohif),
    ];
    stopFollowing = () => {
      for (const stop of stops) stop();
    };
  },

  onModeExit() {
    beside?.leave();
    beside = undefined;
    stopFollowing();
    heatMap.leave();
  },

  getCommandsModule(ohif: Ohif) {
    const commands = createCommands(ohif, heatMap, async () => {
      const { PriorBeside } = await import("./viewport/beside.ts");
      beside ??= new PriorBeside(ohif);
      return beside;
    });
    const definitions = Object.fromEntries(Object.entries(commands).map(([name, commandFn]) => [name, { commandFn }]));
    return { actions: commands, definitions, defaultContext: "VIEWER" };
  },

  getDataSourcesModule() {
    return [{ name: WORKLIST_SOURCE, type: "webApi", createDataSource: createWorklistSource }];
  },

  getPanelModule(ohif: Ohif) {
    return [
      {
        name: "findings",
        iconName: "icon-status-alert",
        iconLabel: "AI",
        label: "AI triage",
        component: () => <FindingsPanel ohif={ohif} />,
      },
    ];
  },

  getSopClassHandlerModule(ohif: Ohif) {
    return [createReportHandler(ohif)];
  },

  getViewportModule(ohif: Ohif) {
    const component = ({ displaySets }: { displaySets: ReportDisplaySet[] }) => (
      <ReportPage ohif={ohif} displaySets={displaySets} />
    );
    return [{ name: "report", component }];
  },

  getHangingProtocolModule() {
    return [
      { name: HANGING_PROTOCOL, protocol: hangingProtocol },
      { name: HANGING_PROTOCOL_BESIDE, protocol: besideProtocol },
    ];
  },

  getToolbarModule() {
    const evaluate = () => ({ disabled: false, isActive: heatMapView.get().state === "on" });
    return [{ name: EVALUATE_HEAT_MAP, evaluate }];
  },

  getCustomizationModule(ohif: Ohif) {
    return [
      {
        name: "global",
        value: {
          "workList.columns": {
            $apply: (columns: StudyColumn[]) => withTriageColumns(columns, askForList, opening(ohif)),
          },
          "workList.renderPreviewContent": {
            $set: (_react: unknown, { study }: { study: StudyRow | null }) => <LazyPreview study={study} ohif={ohif} />,
          },
          // Made for choosing a data source; the only place that OHIF offers in the head of its study list.
          "ohif.dataSourceConfigurationComponent": { $set: () => <LiveStatus /> },
        },
      },
      {
        name: "viewer",
        value: {
          "viewportOverlay.topRight": {
            $push: [
              {
                id: "VigilBadge",
                contentF: ({ displaySet }: { displaySet?: DisplaySet }) => <OverlayBadge displaySet={displaySet} />,
              },
            ],
          },
          // OHIF counts the other way round where it shows the highest slice first.
          "viewportOverlay.bottomRight": {
            $set: [
              {
                id: "VigilSliceNumber",
                contentF: ({ viewportId, imageSliceData }: SliceNumberProps) => (
                  <SliceNumber viewportId={viewportId} imageSliceData={imageSliceData} />
                ),
              },
            ],
          },
        },
      },
    ];
  },
};
