import React, { useState } from "react";
import type { Finding } from "../../../../src/contract/finding.ts";
import { t } from "../../../../src/contract/translate.ts";
import type { StatusWords } from "../../../../src/contract/words.ts";
import { sendFeedback, withdrawFeedback } from "../../api.ts";
import { nameReader, reader } from "../../reader.ts";
import { whyNot } from "../../refusals.ts";
import { createStore } from "../../ui/store.ts";
import { useStore } from "../../ui/use-store.ts";

/** What was answered on this page, newest last: what can be taken back. By Study Instance UID. */
const given = createStore<ReadonlyMap<string, string[]>>(new Map());

interface AnswersProps {
  studyInstanceUid: string;
  /** For haemorrhage of any kind. */
  finding: Finding;
  verdict: StatusWords["tone"];
}

/** Agree and disagree with the verdict; of one that is undetermined, what the reader sees. */
export function Answers({ studyInstanceUid, finding, verdict }: AnswersProps) {
  const { name } = useStore(reader);
  const ofStudy = useStore(given).get(studyInstanceUid) ?? [];
  const [asksFor, askFor] = useState<boolean>();
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);

  const keep = async (change: () => Promise<void>) => {
    setBusy(true);
    setProblem("");
    try {
      await change();
    } catch (error) {
      setProblem(whyNot(error, t("Not kept")));
    }
    setBusy(false);
  };
  const send = (bleeds: boolean) =>
    keep(async () => {
      const { id } = await sendFeedback(studyInstanceUid, feedback(finding, bleeds));
      given.set(new Map(given.get()).set(studyInstanceUid, [...ofStudy.filter((one) => one !== id), id]));
    });
  const answer = (bleeds: boolean) => {
    if (name === null) askFor(bleeds);
    else void send(bleeds);
  };
  const undo = () =>
    keep(async () => {
      const last = ofStudy.at(-1);
      if (last === undefined) return;
      await withdrawFeedback(studyInstanceUid, last);
      given.set(new Map(given.get()).set(studyInstanceUid, ofStudy.slice(0, -1)));
    });

  if (asksFor !== undefined && name === null) {
    const done = (entered: string) => {
      nameReader(entered);
      askFor(undefined);
      if (reader.get().name !== null) void send(asksFor);
    };
    return <NameForm onDone={done} />;
  }
  const isUndetermined = verdict !== "critical" && verdict !== "negative";
  const [yes, no] = isUndetermined ? [t("Bleeding"), t("No bleeding")] : [t("Agree"), t("Disagree")];
  const bleedsByVerdict = verdict !== "negative";
  return (
    <>
      <button
        type="button"
        className="vigil-button"
        disabled={isBusy}
        onClick={() => answer(bleedsByVerdict)}
        data-cy="vigil-preview-agree"
      >
        {yes}
      </button>
      <button
        type="button"
        className="vigil-button"
        disabled={isBusy}
        onClick={() => answer(!bleedsByVerdict)}
        data-cy="vigil-preview-disagree"
      >
        {no}
      </button>
      {ofStudy.length > 0 && (
        <button type="button" className="vigil-button" disabled={isBusy} onClick={undo} data-cy="vigil-preview-undo">
          {t("Undo")}
        </button>
      )}
      {problem !== "" && (
        <span className="vigil-preview-problem" role="alert">
          {problem}
        </span>
      )}
    </>
  );
}

/** To accept what is said to be absent is to see nothing; what is undetermined was raised to be seen. */
function feedback({ id, label, presence, keySlices }: Finding, bleeds: boolean) {
  const saysBleeds = presence !== "absent";
  const { name } = reader.get();
  return {
    findingId: id,
    label,
    decision: bleeds === saysBleeds ? ("accept" as const) : bleeds ? ("add" as const) : ("reject" as const),
    ...(keySlices[0] && { sopInstanceUid: keySlices[0].sopInstanceUid }),
    ...(name !== null && { reader: name }),
  };
}

function NameForm({ onDone }: { onDone(name: string): void }) {
  const [name, setName] = useState("");
  return (
    <form
      className="vigil-row vigil-grow"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(name);
      }}
    >
      <input
        className="vigil-search"
        aria-label={t("Your name, kept with your answers")}
        placeholder={t("Your name, kept with your answers")}
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.target.value)}
        // biome-ignore lint/a11y/noAutofocus: the reader has just pressed a button that needs the name
        autoFocus
        data-cy="vigil-preview-name"
      />
      <button type="submit" className="vigil-button" disabled={name.trim() === ""}>
        {t("Keep")}
      </button>
    </form>
  );
}
