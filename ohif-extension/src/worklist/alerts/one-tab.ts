/**
 * One tab of a browser alerts, however many show Vigil: the one that was used last. It keeps saying so in the browser's
 * storage; when it falls silent, another one takes its place. (Web Locks would need HTTPS, which a hospital's network
 * may not have.)
 */

const STORED_AS = "vigilAlertingTab";
/** Browsers wake a tab in the background once a minute. */
const LASTS_MS = 150_000;
const REPEATED_MS = 20_000;

export interface OneTab {
  isMine(): boolean;
  stop(): void;
}

/** @param onChange hears of later changes; whose turn it is at first is for the caller to ask */
export function takeTurns(onChange: () => void): OneTab {
  const id = crypto.getRandomValues(new Uint32Array(2)).join("-");
  const holder = () => {
    const [tab = "", until = "0"] = (localStorage.getItem(STORED_AS) ?? "").split(" ");
    return Number(until) > Date.now() ? tab : "";
  };
  const isMine = () => holder() === id;
  const claim = () => localStorage.setItem(STORED_AS, `${id} ${Date.now() + LASTS_MS}`);
  if (holder() === "") claim();
  let was = isMine();
  const tell = () => {
    if (isMine() === was) return;
    was = !was;
    onChange();
  };
  const take = () => {
    claim();
    tell();
  };
  const look = () => {
    if (holder() === "" || isMine()) take();
    else tell();
  };
  const leave = () => {
    if (isMine()) localStorage.removeItem(STORED_AS);
  };
  const use = () => {
    if (!isMine()) take();
  };
  const timer = setInterval(look, REPEATED_MS);
  const listeners: [EventTarget, string, () => void][] = [
    [globalThis, "storage", look],
    [globalThis, "pagehide", leave],
    [document, "pointerdown", use],
    [document, "keydown", use],
  ];
  for (const [target, type, listener] of listeners) target.addEventListener(type, listener);
  return {
    isMine,
    stop() {
      clearInterval(timer);
      for (const [target, type, listener] of listeners) target.removeEventListener(type, listener);
      leave();
    },
  };
}
