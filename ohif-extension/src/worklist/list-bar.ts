import { t } from "../../../src/contract/translate.ts";
import { language } from "../i18n/current-language.ts";
import { createStore } from "../ui/store.ts";
import { alertsSince, isSoundWaiting, switchAlerts } from "./alert-choice.ts";
import { criticalNews, newsWords } from "./critical-notice.ts";
import { listTable } from "./list-table.ts";
import { type ListView, listNotice, listView, matchingItems, searchList, showGroup } from "./list-view.ts";
import { patientWords } from "./patient.ts";
import { GROUP_NAME, type StudyGroup, triageCounts } from "./study-groups.ts";
import { triage } from "./triage-state.ts";

/** How many rows OHIF's own filters keep off the screen: they outlive the page, and a flagged study may be among them. */
export const hiddenByFilters = createStore(0);

export const SEARCH_ID = "vigil-search";

const GROUPS: StudyGroup[] = ["attention", "waiting", "negative", "not-analysed", "failed", "read"];
const TYPING_MS = 120;

/** Shows a study in the viewer, by its Study Instance UID. */
export type OpenStudy = (studyInstanceUid: string) => void;

/**
 * Puts the chips and the search field above OHIF's table, which has no place for them: plain elements before the frame
 * of the table, where OHIF's React does not look.
 * @returns takes them away again
 */
export function showListBar(open: OpenStudy): () => void {
  const bar = new ListBar(open);
  let frame = requestAnimationFrame(function place() {
    const table = document.querySelector("tr[data-filter-row]")?.closest(".rounded-md.border");
    if (table) table.before(bar.element);
    else frame = requestAnimationFrame(place);
  });
  return () => {
    cancelAnimationFrame(frame);
    bar.remove();
  };
}

class ListBar {
  readonly element = create("div", "vigil-list-bar", { role: "toolbar" });
  readonly #chips = new Map<ListView["group"], HTMLElement>();
  readonly #search = create("input", "vigil-search", {
    id: SEARCH_ID,
    type: "search",
    autocomplete: "off",
  }) as HTMLInputElement;
  readonly #notice = create("span", "vigil-list-notice", { role: "status", "data-cy": "vigil-list-notice" });
  readonly #hidden = create("button", "vigil-button", { type: "button", "data-cy": "vigil-hidden" });
  readonly #alerts = create("button", "vigil-button vigil-alerts", { type: "button", "data-cy": "vigil-alerts" });
  readonly #news = create("div", "vigil-news", { role: "status", "data-cy": "vigil-news" });
  readonly #unsubscribe: (() => void)[];
  #typing: ReturnType<typeof setTimeout> | undefined;

  readonly #open: OpenStudy;

  constructor(open: OpenStudy) {
    this.#open = open;
    for (const group of [...GROUPS, "all", "pacs"] as const) {
      const chip = create("button", "vigil-button vigil-group", { type: "button", "data-cy": `vigil-group-${group}` });
      chip.addEventListener("click", () => showGroup(group));
      this.#chips.set(group, chip);
      this.element.append(chip);
    }
    this.#search.value = listView.get().text;
    this.#search.addEventListener("input", () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => searchList(this.#search.value.trim()), TYPING_MS);
    });
    this.#hidden.addEventListener("click", () => listTable()?.setColumnFilters([]));
    this.#alerts.addEventListener("click", switchAlerts);
    this.element.append(this.#search, this.#alerts, this.#hidden, this.#notice, this.#news);
    const update = () => this.#update();
    const lists = [triage, listView, listNotice, hiddenByFilters, language];
    const alerts = [alertsSince, isSoundWaiting, criticalNews];
    this.#unsubscribe = [...lists, ...alerts].map((store) => store.subscribe(update));
    update();
  }

  remove(): void {
    clearTimeout(this.#typing);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.element.remove();
  }

  #update(): void {
    const view = listView.get();
    const items = matchingItems(triage.get().items.values(), view.text);
    const { groups, critical } = triageCounts(items);
    for (const [group, chip] of this.#chips) {
      chip.setAttribute("aria-pressed", String(group === view.group));
      if (group === "pacs") setText(chip, t("Whole PACS"));
      else if (group === "all") setText(chip, `${t("All")} ${items.length}`);
      else setText(chip, `${t(GROUP_NAME[group])} ${groups[group]}`);
    }
    this.#chips.get("attention")?.classList.toggle("vigil-group-critical", critical > 0);
    this.#chips.get("read")?.toggleAttribute("hidden", groups.read === 0 && view.group !== "read");
    if (view.text === "" && document.activeElement !== this.#search) this.#search.value = "";
    this.element.setAttribute("aria-label", t("Which studies are listed"));
    this.#chips.get("pacs")!.title = t("What the PACS itself answers, whether Vigil knows the study or not");
    this.#search.setAttribute("aria-label", view.group === "pacs" ? t("Search the PACS") : t("Search the work list"));
    this.#search.placeholder = `${t("Search")}  ( / )`;
    const hidden = hiddenByFilters.get();
    this.#hidden.toggleAttribute("hidden", hidden === 0);
    setText(this.#hidden, t("{hidden} hidden by the filters below: show", { hidden }));
    setText(this.#notice, listNotice.get());
    this.#updateAlerts();
  }

  #updateAlerts(): void {
    const isOn = alertsSince.get() !== null;
    this.#alerts.setAttribute("aria-pressed", String(isOn));
    const state = isOn ? t("Alerts on") : t("Alerts off");
    setText(this.#alerts, isOn && isSoundWaiting.get() ? t("Alerts on, sound after a click") : state);
    this.#alerts.title = t("Notification and sound for new critical studies, until somebody opens them");
    const news = criticalNews.get();
    const words = news ? `▲ ${t("New: {patient}", { patient: patientWords(news) })} · ${newsWords(news)}` : "";
    if (this.#news.textContent === words) return;
    this.#news.replaceChildren();
    if (news === null) return;
    const button = create("button", "vigil-button", { type: "button" });
    button.textContent = words;
    button.addEventListener("click", () => this.#open(news.studyInstanceUid));
    this.#news.append(button);
  }
}

function create(tag: string, className: string, attributes: Record<string, string>): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Leaves alone what is so already: a status that is written again is read out again. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
