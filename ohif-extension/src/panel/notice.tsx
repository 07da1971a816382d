import React, { type ReactNode, useState } from "react";

interface NoticeProps {
  name: string;
  tone?: "alert" | "info";
  children: ReactNode;
}

/** Something that a reader must know before the verdict, and what can be done about it. */
export function Notice({ name, tone = "alert", children }: NoticeProps) {
  return (
    <section className={`vigil-notice vigil-notice-${tone}`} role="status" data-cy={`vigil-notice-${name}`}>
      {children}
    </section>
  );
}

interface ActionButtonProps {
  name: string;
  label: ReactNode;
  /** Resolves with why it was not done, in words. */
  act(): Promise<string | undefined>;
}

/** A button that cannot be pressed twice at a time, and says why what it was to do was not done. */
export function ActionButton({ name, label, act }: ActionButtonProps) {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const press = async () => {
    setBusy(true);
    setProblem(await act());
    setBusy(false);
  };
  return (
    <span className="vigil-action">
      <button
        type="button"
        className="vigil-button"
        data-cy={`vigil-${name}`}
        disabled={isBusy}
        onClick={() => void press()}
      >
        {label}
      </button>
      {problem !== undefined && (
        <span className="vigil-answer-problem" role="alert" data-cy={`vigil-${name}-problem`}>
          ⚠ {problem}
        </span>
      )}
    </span>
  );
}
