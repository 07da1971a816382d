import React, { useEffect, useMemo, useState } from "react";
import { type SliceNumber, type SliceNumbers, sliceKey, sliceNumbers } from "../../../src/contract/slices.ts";
import { LABEL_NAME, PRESENCE_WORD, score, scoreWords, sideWord, verdictWords } from "../../../src/contract/words.ts";
import { COMMANDS } from "../ids.ts";
import type { Ohif, ReportDisplaySet } from "../ohif-types.ts";
import { isKnown, openStudies } from "../studies.ts";
import { Chip } from "../ui/chip.tsx";
import { NotSeen, Remarks } from "../ui/not-seen.tsx";
import { addStyle } from "../ui/style.ts";
import { useStore } from "../ui/use-store.ts";
import type { SliceTarget } from "../viewport/show-slice.ts";
import reportStyle from "./report.css";
import { type Region, type ReportContent, reportContent } from "./report-content.ts";

addStyle(reportStyle);

interface ReportPageProps {
  ohif: Ohif;
  displaySets: ReportDisplaySet[];
}

/** One of our structured reports as a page to read, in the place of a viewport. */
export function ReportPage({ ohif, displaySets: [displaySet] }: ReportPageProps) {
  const instance = displaySet?.instance;
  const content = useMemo(() => instance && reportContent(instance), [instance]);
  const study = useStore(openStudies).get(displaySet?.StudyInstanceUID ?? "");
  const numbers = useMemo(() => sliceNumbers(isKnown(study) ? study.slices : []), [study]);
  if (!displaySet || !content) return null;
  const show = ({ seriesInstanceUid, sopInstanceUid, frameNumber, middle }: Region) => {
    const target: SliceTarget = { seriesInstanceUid, sopInstanceUid, frameNumber, point: middle };
    ohif.commandsManager.runCommand(COMMANDS.showSlice, target);
  };
  const [firstRegion] = content.evaluations.flatMap(({ region }) => region ?? []);
  return (
    <article className="vigil-report" data-cy="vigil-report">
      <header>
        <h1>AI triage report</h1>
        <p className="vigil-muted">
          {dateTime(content)} · {content.isVerified ? "verified" : "not verified by a person"}
        </p>
      </header>
      <Verdict content={content} />
      <NotSeen items={content.notSeen.map((what) => ({ what }))} />
      <Evaluations content={content} numbers={numbers} onShow={show} />
      {firstRegion && <MeasurementsButton ohif={ohif} displaySet={displaySet} onLoaded={() => show(firstRegion)} />}
      <Remarks messages={content.warnings} />
      <ul className="vigil-report-comments" data-cy="vigil-report-comments">
        {content.comments.map((comment) => (
          <li key={comment}>{comment}</li>
        ))}
      </ul>
      <p className="vigil-muted">
        Model: {content.model} {content.modelVersion}
        {content.predecessors.length > 0 && ` · Replaces report ${content.predecessors.join(", ")}`}
      </p>
    </article>
  );
}

function Verdict({ content }: { content: ReportContent }) {
  const overall = content.evaluations.find(({ label }) => label === "any");
  if (!overall) return null;
  return (
    <p className="vigil-row">
      <Chip status={verdictWords(overall.presence, content.seenWhole)} />
      {overall.probability !== undefined && <b className="vigil-number">{scoreWords(overall.probability)}</b>}
    </p>
  );
}

interface EvaluationsProps {
  content: ReportContent;
  /** Where Vigil's result is at hand: the report itself does not number slices. */
  numbers: SliceNumbers;
  onShow(region: Region): void;
}

function Evaluations({ content, numbers, onShow }: EvaluationsProps) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Finding</th>
          <th scope="col">Answer</th>
          <th scope="col">Score of 100</th>
          <th scope="col">Side</th>
          <th scope="col">Image</th>
        </tr>
      </thead>
      <tbody>
        {content.evaluations.map(({ label, presence, probability, region }) => (
          <tr key={label} className={`vigil-report-${presence}`} data-cy={`vigil-report-${label}`}>
            <th scope="row">{LABEL_NAME[label]}</th>
            <td>{PRESENCE_WORD[presence]}</td>
            <td className="vigil-number">{probability === undefined ? "–" : score(probability)}</td>
            <td>{sideWord(region?.laterality ?? null)}</td>
            <td>
              {region && (
                <button
                  type="button"
                  className="vigil-button"
                  aria-label={`Show ${LABEL_NAME[label]} in the image`}
                  data-cy={`vigil-report-show-${label}`}
                  onClick={() => onShow(region)}
                >
                  {showWords(numbers.get(sliceKey(region)))}
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function showWords(place: SliceNumber | undefined): string {
  return place === undefined ? "Show" : `Show slice ${place.number} of ${place.of}`;
}

interface MeasurementsButtonProps {
  ohif: Ohif;
  displaySet: ReportDisplaySet;
  onLoaded(): void;
}

/** OHIF's own way to read a report: its regions become measurements that can be edited. */
function MeasurementsButton({ ohif, displaySet, onLoaded }: MeasurementsButtonProps) {
  const [canLoad, setCanLoad] = useState(false);
  useEffect(() => {
    void displaySet.load().then(
      () => setCanLoad(displaySet.isRehydratable === true),
      () => setCanLoad(false),
    );
  }, [displaySet]);
  if (!canLoad) return null;
  const { displaySetInstanceUID } = displaySet;
  const load = () => {
    const { commandsManager } = ohif;
    const options = { displaySetInstanceUID };
    commandsManager.runCommand("hydrateStructuredReport", options, "CORNERSTONE_STRUCTURED_REPORT");
    onLoaded();
  };
  return (
    <p>
      <button type="button" className="vigil-button" data-cy="vigil-report-measurements" onClick={load}>
        Load the regions as measurements
      </button>
    </p>
  );
}

/** YYYYMMDD, HHMMSS -> YYYY-MM-DD HH:MM */
function dateTime({ contentDate, contentTime }: ReportContent): string {
  const date = contentDate.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3");
  const time = contentTime.replace(/^(\d{2})(\d{2}).*$/, "$1:$2");
  return `${date} ${time}`.trim();
}
