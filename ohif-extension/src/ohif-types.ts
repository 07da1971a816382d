import type { ReactNode } from "react";

/** The parts of OHIF 3.13 and cornerstone 5 that this extension touches, and nothing else. */

export interface Subscription {
  unsubscribe(): void;
}

export interface PubSub {
  EVENTS: Record<string, string>;
  subscribe(event: string, listener: (data: Record<string, unknown>) => void): Subscription;
}

/** Naturalised DICOM: by keyword; a sequence is an array, or its only item. */
export interface Instance {
  SOPInstanceUID: string;
  SOPClassUID: string;
  SeriesInstanceUID: string;
  StudyInstanceUID: string;
  [keyword: string]: unknown;
}

export interface DisplaySet {
  displaySetInstanceUID: string;
  StudyInstanceUID: string;
  SeriesInstanceUID: string;
  SOPClassHandlerId: string;
  Modality: string;
  instances?: Instance[];
  /** Set when the display set is shown for the first time. */
  imageIds?: string[];
  numImageFrames?: number;
  [property: string]: unknown;
}

/** OHIF's own structured report, as its SR handler makes it. */
export interface ReportDisplaySet extends DisplaySet {
  instance: Instance;
  isRehydratable?: boolean;
  load(): Promise<void>;
}

export interface DisplaySetService extends PubSub {
  getDisplaySetByUID(displaySetInstanceUid: string): DisplaySet | undefined;
  getDisplaySetsForSeries(seriesInstanceUid: string): DisplaySet[] | undefined;
  getActiveDisplaySets(): DisplaySet[];
}

/** A window in HU. */
export interface Voi {
  windowWidth: number;
  windowCenter: number;
}

export interface ViewportUpdate {
  viewportId: string;
  displaySetInstanceUIDs: string[];
}

export interface ViewportGridService extends PubSub {
  getState(): { activeViewportId: string; viewports: Map<string, unknown> };
  getDisplaySetsUIDsForViewport(viewportId: string): string[] | undefined;
  setDisplaySetsForViewports(updates: ViewportUpdate[]): void;
  setActiveViewportId(viewportId: string): void;
}

export type Point2 = [number, number];
export type Point3 = [number, number, number];

export interface ViewReference {
  referencedImageId: string;
  FrameOfReferenceUID: string;
}

export interface CornerstoneViewport {
  id: string;
  /** "stack" shows images as they were taken; any other kind cuts through a volume. */
  type: string;
  element: HTMLElement;
  getCurrentImageId(): string | undefined;
  /** Of a stack: the image that is drawn. */
  getCornerstoneImage?(): { imageId: string } | undefined;
  getImageIds(): string[];
  getFrameOfReferenceUID(): string;
  setViewReference(reference: ViewReference): void;
  jumpToWorld?(point: Point3): boolean;
  worldToCanvas(point: Point3): Point2;
  render(): void;
}

export interface CornerstoneViewportService extends PubSub {
  getCornerstoneViewport(viewportId: string): CornerstoneViewport | null | undefined;
}

export interface Labelmap {
  imageIds: string[];
  referencedImageIds: string[];
}

export interface SegmentationService extends PubSub {
  getSegmentation(segmentationId: string): { representationData: { Labelmap: Labelmap } } | undefined;
  getSegmentationRepresentations(viewportId: string, filter: { segmentationId: string }): unknown[];
  createLabelmapForDisplaySet(displaySet: DisplaySet, options: object): Promise<string>;
  addSegmentationRepresentation(viewportId: string, options: { segmentationId: string; type: string }): Promise<void>;
  setSegmentColor(viewportId: string, segmentationId: string, segmentIndex: number, color: Rgba): void;
  remove(segmentationId: string): void;
}

export type Rgba = [red: number, green: number, blue: number, alpha: number];

export interface Notification {
  title: string;
  message: string;
  type: "info" | "success" | "warning" | "error";
  duration: number;
  action?: { label: string; onClick(): void };
}

export interface UiNotificationService {
  show(notification: Notification): string;
  hide(id: string): void;
}

export interface UiModalService {
  show(modal: { content: unknown; title: string; containerClassName: string }): void;
}

/** Immutability-helper commands by customization id. */
export type Customizations = Record<string, unknown>;

export interface CustomizationService {
  /** Takes names of customization modules, too. */
  setCustomizations(customizations: Customizations | string[]): void;
  getCustomization(name: string): unknown;
}

export interface ToolbarService {
  getButtonSection(section: string): { id: string }[] | undefined;
  updateSection(section: string, buttonIds: string[]): void;
  refreshToolbarState(state: { viewportId: string }): void;
}

export interface HangingProtocolService {
  getState(): { protocolId: string; stageIndex: number };
  /** Of the studies that can hang. */
  addStudy(study: { StudyInstanceUID: string }): void;
  addCustomAttribute(id: string, name: string, callback: (subject: never) => unknown): void;
}

export interface Services {
  displaySetService: DisplaySetService;
  viewportGridService: ViewportGridService;
  cornerstoneViewportService: CornerstoneViewportService;
  segmentationService: SegmentationService;
  uiNotificationService: UiNotificationService;
  uiModalService: UiModalService;
  customizationService: CustomizationService;
  toolbarService: ToolbarService;
  hangingProtocolService: HangingProtocolService;
}

export interface CommandsManager {
  runCommand(name: string, options?: object, context?: string): unknown;
}

/** What to ask a PACS for; the study list alone gives a limit. */
export interface StudyQuery {
  limit?: number;
  offset?: number;
  [property: string]: unknown;
}

export interface DataSource {
  getConfig(): { queryLimit?: number };
  query: { studies: { search(query?: StudyQuery): Promise<StudyRow[]> } };
  /** Makes the display sets of a study. */
  retrieve: { series: { metadata(query: { StudyInstanceUID: string }): Promise<unknown> } };
  getImageIdsForDisplaySet(displaySet: DisplaySet): string[];
}

export interface SopClassHandler {
  name: string;
  sopClassUids: string[];
  getDisplaySetsFromSeries(instances: Instance[]): ReportDisplaySet[];
}

export interface ExtensionManager {
  getModuleEntry(id: string): unknown;
  getActiveDataSource(): DataSource[];
}

/** What OHIF passes to each function of an extension. */
export interface Ohif {
  servicesManager: { services: Services };
  commandsManager: CommandsManager;
  extensionManager: ExtensionManager;
}

export interface AppConfig {
  /** A site may have put its own logo here. */
  whiteLabeling?: { createLogoComponentFn(): ReactNode };
  /** Immutability-helper commands by mode id. */
  modesConfiguration?: Record<string, object>;
}

export interface LoadedImage {
  /** Whether the pixels are in HU already. */
  preScale?: { scaled?: boolean };
  getPixelData(): ArrayLike<number> & Iterable<number>;
}

export interface Cornerstone {
  /** Hears of every image that cannot be loaded. */
  eventTarget: EventTarget;
  metaData: { get(type: string, imageId: string): unknown };
  cache: { getImage(imageId: string): { voxelManager: { getScalarData(): Uint8Array } } | undefined };
  imageLoader: { loadAndCacheImage(imageId: string): Promise<LoadedImage> };
  utilities: { imageToWorldCoords(imageId: string, point: Point2): Point3 | undefined };
}

export interface CornerstoneTools {
  Enums: { SegmentationRepresentations: { Labelmap: string } };
  segmentation: {
    config: {
      color: {
        addColorLUT(colors: Rgba[]): number;
        setColorLUT(viewportId: string, segmentationId: string, index: number): void;
        getSegmentIndexColor(viewportId: string, segmentationId: string, segmentIndex: number): Rgba | undefined;
      };
      style: { setStyle(target: { segmentationId: string; type: string }, style: object): void };
    };
    triggerSegmentationEvents: { triggerSegmentationDataModified(segmentationId: string): void };
  };
}

/** A row of the study list. Text is "" or absent where the PACS does not say. */
export interface StudyRow {
  studyInstanceUid: string;
  patientName?: string;
  mrn?: string;
  /** DA and TM (PS3.5 6.2) */
  date?: string;
  time?: string;
  description?: string;
  /** "CT/SR" */
  modalities?: string;
  accession?: string;
  instances?: number;
}

export interface TableRow {
  original: StudyRow;
  getIsSelected(): boolean;
  toggleSelected(selected: boolean): void;
}

export interface ColumnSort {
  id: string;
  desc: boolean;
}

/** OHIF's study list is a TanStack table; this is what a header sees of it. */
export interface StudyTable {
  options: { data: StudyRow[] };
  getState(): {
    sorting: ColumnSort[];
    columnFilters: { id: string; value: unknown }[];
    pagination: { pageIndex: number; pageSize: number };
  };
  getFilteredRowModel(): { rows: TableRow[] };
  /** Sorted and filtered rows of all pages. */
  getPrePaginationRowModel(): { rows: TableRow[] };
  setSorting(update: ColumnSort[] | ((sorting: ColumnSort[]) => ColumnSort[])): void;
  setPageIndex(index: number): void;
  setColumnFilters(filters: []): void;
  setPagination(update: (pagination: object) => object): void;
}

export interface HeaderContext {
  column: object;
  table: StudyTable;
}

export interface StudyColumn {
  id: string;
  accessorFn?(row: StudyRow): string | number;
  header(context: HeaderContext): ReactNode;
  cell(context: { row: TableRow }): ReactNode;
  filterFn?(row: TableRow, columnId: string, filter: unknown): boolean;
  sortingFn?(a: TableRow, b: TableRow): number;
  meta: { label: string; minWidth: number; priority: number; headerClassName?: string; cellClassName?: string };
}
