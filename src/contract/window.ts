/** A CT window in HU: what is shown from black to white. */
export interface CtWindow {
  center: number;
  width: number;
}

/** How a brain is looked at. */
export const BRAIN_WINDOW: CtWindow = { center: 40, width: 80 };
