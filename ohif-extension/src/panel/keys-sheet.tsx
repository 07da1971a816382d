import React, { Fragment, useEffect } from "react";
import { english, t } from "../../../src/contract/translate.ts";
import { HOTKEYS } from "../keys.ts";
import { WINDOWS } from "../viewport/window-table.ts";
import { keysShown } from "./keys-shown.ts";

const KEY_NAME: Record<string, string> = { space: english("Space") };

/** All our keys on a small sheet over the images, until a key or a click. */
export function KeysSheet() {
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === "Escape") keysShown.set(false);
    };
    document.addEventListener("keydown", close, { capture: true });
    return () => document.removeEventListener("keydown", close, { capture: true });
  }, []);
  return (
    <dialog open className="vigil-sheet" data-cy="vigil-keys" aria-label={t("Keys")}>
      <h3>{t("Vigil's keys")}</h3>
      <dl>
        {HOTKEYS.map(({ keys: [key = ""], label }) => (
          <Fragment key={key}>
            <dt>
              <kbd className="vigil-key">{key in KEY_NAME ? t(KEY_NAME[key] ?? "") : key.toUpperCase()}</kbd>
            </dt>
            <dd>{labelWords(label)}</dd>
          </Fragment>
        ))}
      </dl>
      <p className="vigil-muted">{t("OHIF's own keys stand in its preferences.")}</p>
      <button type="button" className="vigil-button" onClick={() => keysShown.set(false)}>
        {t("Close")}
      </button>
    </dialog>
  );
}

/** Of a window, with its width and center in HU. */
function labelWords(label: string): string {
  const hu = WINDOWS.find(({ name }) => name === label)?.hu;
  return hu ? `${t(label)} ${hu.width}/${hu.center}` : t(label);
}
