import React, { Fragment, useEffect } from "react";
import { HOTKEYS } from "../keys.ts";
import { createStore } from "../ui/store.ts";
import { useStore } from "../ui/use-store.ts";

export const keysShown = createStore(false);

const KEY_NAME: Record<string, string> = { space: "Space" };

/** All our keys on a small sheet over the images, until a key or a click. */
export function KeysSheet() {
  const isShown = useStore(keysShown);
  useEffect(() => {
    if (!isShown) return;
    const close = (event: KeyboardEvent) => {
      if (event.key === "Escape") keysShown.set(false);
    };
    document.addEventListener("keydown", close, { capture: true });
    return () => document.removeEventListener("keydown", close, { capture: true });
  }, [isShown]);
  if (!isShown) return null;
  return (
    <dialog open className="vigil-keys" data-cy="vigil-keys" aria-label="Keys">
      <h3>Vigil's keys</h3>
      <dl>
        {HOTKEYS.map(({ keys: [key = ""], label }) => (
          <Fragment key={key}>
            <dt>
              <kbd className="vigil-key">{KEY_NAME[key] ?? key.toUpperCase()}</kbd>
            </dt>
            <dd>{label}</dd>
          </Fragment>
        ))}
      </dl>
      <p className="vigil-muted">OHIF's own keys stand in its preferences.</p>
      <button type="button" className="vigil-button" onClick={() => keysShown.set(false)}>
        Close
      </button>
    </dialog>
  );
}
