import { alertsSince } from "./alert-choice.ts";

/** Alerts while they are switched on; what they are made of is loaded then. */
export function followAlerts(open: (studyInstanceUid: string) => void): void {
  let stop: (() => void) | undefined;
  const follow = async () => {
    if (alertsSince.get() === null) {
      stop?.();
      stop = undefined;
      return;
    }
    if (stop) return;
    const { startAlerts } = await import("./alerts/alerts.ts");
    if (alertsSince.get() !== null) stop ??= startAlerts(open);
  };
  alertsSince.subscribe(() => void follow());
  void follow();
}
