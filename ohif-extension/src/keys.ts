import { COMMANDS } from "./ids.ts";
import { WINDOWS } from "./viewport/window-table.ts";

/** Our keys, for the mode to bind and for the sheet that shows them. */

export interface Hotkey {
  commandName: string;
  commandOptions?: object;
  label: string;
  keys: string[];
  isEditable: boolean;
}

function key(keys: string, label: string, commandName: string, commandOptions: object = {}): Hotkey {
  return { commandName, commandOptions, label, keys: [keys], isEditable: true };
}

export const HOTKEYS: Hotkey[] = [
  key("n", "Next key slice", COMMANDS.nextKeySlice, { step: 1 }),
  key("p", "Previous key slice", COMMANDS.nextKeySlice, { step: -1 }),
  key("h", "Heat map and boxes", COMMANDS.toggleHeatMap),
  ...WINDOWS.map(({ id, name, hu }, index) =>
    key(String(index + 1), hu === null ? name : `${name} ${hu.width}/${hu.center}`, COMMANDS.setWindow, {
      windowId: id,
    }),
  ),
  // OHIF keeps one key for each command and its options: these must differ from those of key 1.
  key("space", "Back to brain", COMMANDS.setWindow, { windowId: "brain", again: true }),
  key("a", "Agree", COMMANDS.answer, { decision: "accept" }),
  key("d", "Disagree", COMMANDS.answer, { decision: "reject" }),
  key("z", "Take the last answer back", COMMANDS.undoAnswer),
  key("u", "Load new images", COMMANDS.loadNewImages),
  key("?", "These keys", COMMANDS.toggleKeys),
];

/** OHIF has other uses for some of our keys (flip, zoom, segment, reset); those stay in its menus. */
export function withOurHotkeys(defaults: Hotkey[]): Hotkey[] {
  const ours = new Set(HOTKEYS.flatMap(({ keys }) => keys));
  return [...defaults.filter(({ keys }) => ![keys].flat().some((bound) => ours.has(bound))), ...HOTKEYS];
}
