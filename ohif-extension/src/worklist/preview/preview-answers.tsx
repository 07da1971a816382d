import React, { useState } from "react";
import type { Finding } from "../../../../src/contract/finding.ts";
import { t } from "../../../../src/contract/translate.ts";
import type { StatusWords } from "../../../../src/contract/words.ts";
import { sendFeedback, withdrawFeedback } from "../../api.ts";
import { nameReader, reader } from "../../reader.ts";
import { whyNot } from "../../refusals.ts";
import { createStore } from "../../ui/store.ts";
import { useStore } from "../../ui/use-store.ts";

interface Given {
  studyInstanceUid: string;
  id: string;
  patient: string;
}

/** What was answered on this page, newest last: what can be taken back. */
const given = createStore<readonly Given[]>([]);

interface AnswersProps {
  studyInstanceUid: string;
  patient: string;
  /** For haemorrhage of any kind. */
  finding: Finding;
  verdict: StatusWords["tone"];
}

/** Agree and disagree with the verdict; of one that is undetermined, what the reader sees. */
export function Answers({ studyInstanceUid, patient, finding, verdict }: AnswersProps) {
  const { name } = useStore(reader);
  const [asksFor, askFor] = useState<boolean>();
  const { isBusy, problem, keep } = useKeeping();
  const send = (bleeds: boolean) =>
    keep(async () => {
      const { id } = await sendFeedback(studyInstanceUid, feedback(finding, bleeds));
      given.set([...given.get().filter((one) => one.id !== id), { studyInstanceUid, id, patient }]);
    });
  const answer = (bleeds: boolean) => {
    if (name === null) askFor(bleeds);
    else void send(bleeds);
  };
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
      <Problem text={problem} />
    </>
  );
}

/** The last answer that was given on this page, whichever study is shown now: an answered one leaves its place. */
export function Undo({ studyInstanceUid }: { studyInstanceUid: string }) {
  const last = useStore(given).at(-1);
  const { isBusy, problem, keep } = useKeeping();
  if (last === undefined) return null;
  const undo = () =>
    keep(async () => {
      await withdrawFeedback(last.studyInstanceUid, last.id);
      given.set(given.get().filter((one) => one !== last));
    });
  const isOfShown = last.studyInstanceUid === studyInstanceUid;
  return (
    <>
      <button type="button" className="vigil-button" disabled={isBusy} onClick={undo} data-cy="vigil-preview-undo">
        {isOfShown ? t("Undo") : t("Undo: {patient}", { patient: last.patient })}
      </button>
      <Problem text={problem} />
    </>
  );
}

/** What is being kept, and why it was not. */
function useKeeping() {
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
  return { isBusy, problem, keep };
}

function Problem({ text }: { text: string }) {
  if (text === "") return null;
  return (
    <span className="vigil-preview-problem" role="alert">
      {text}
    </span>
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
