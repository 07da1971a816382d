import React, { useEffect, useRef, useState } from "react";
import { t } from "../../../src/contract/translate.ts";
import { NAME_LENGTH, nameQuestion, reader } from "../reader.ts";
import { useStore } from "../ui/use-store.ts";

/** Asks once who answers, over everything else; Enter gives the name, Escape gives none. */
export function NameDialog() {
  const answer = useStore(nameQuestion);
  return answer === null ? null : <Question answer={answer} />;
}

function Question({ answer }: { answer: (name: string | undefined) => void }) {
  const [name, setName] = useState(reader.get().name ?? "");
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="vigil-sheet"
      data-cy="vigil-name-question"
      aria-label={t("Who is reading?")}
      onCancel={() => answer(undefined)}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          answer(name);
        }}
      >
        <h3>{t("Who is reading?")}</h3>
        <p className="vigil-muted">
          {t("The name stands beside your answers, and others see what you read. It is remembered in this browser.")}
        </p>
        <div className="vigil-row">
          <input
            className="vigil-input vigil-grow"
            data-cy="vigil-name"
            aria-label={t("Your name")}
            maxLength={NAME_LENGTH}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <button type="submit" className="vigil-button" disabled={name.trim() === ""}>
            {t("Keep")}
          </button>
          <button type="button" className="vigil-button" onClick={() => answer(undefined)}>
            {t("Cancel")}
          </button>
        </div>
      </form>
    </dialog>
  );
}
