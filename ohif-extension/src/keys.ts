import { english } from "../../src/contract/translate.ts";
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
  key("n", english("Next key slice"), COMMANDS.nextKeySlice, { step: 1 }),
  key("p", english("Previous key slice"), COMMANDS.nextKeySlice, { step: -1 }),
  key("h", english("Heat map and boxes"), COMMANDS.toggleHeatMap),
  ...WINDOWS.map(({ id, name }, index) => key(String(index + 1), name, COMMANDS.setWindow, { windowId: id })),
  // OHIF keeps one key for each command and its options: these must differ from those of key 1.
  key("space", english("Back to brain"), COMMANDS.setWindow, { windowId: "brain", again: true }),
  key("a", english("Agree"), COMMANDS.answer, { agree: true }),
  key("d", english("Disagree"), COMMANDS.answer, { agree: false }),
  key("z", english("Take your last answer back"), COMMANDS.undoAnswer),
  key("c", english("Prior beside, and back"), COMMANDS.toggleBeside),
  key("w", english("Next study that needs attention"), COMMANDS.nextStudy),
  key("q", english("Back to the list"), COMMANDS.toList),
  key("u", english("Load new images"), COMMANDS.loadNewImages),
  key("?", english("These keys"), COMMANDS.toggleKeys),
];

/** OHIF has other uses for some of our keys (flip, zoom, segment, reset); those stay in its menus. */
export function withOurHotkeys(defaults: Hotkey[]): Hotkey[] {
  const ours = new Set(HOTKEYS.flatMap(({ keys }) => keys));
  return [...defaults.filter(({ keys }) => ![keys].flat().some((bound) => ours.has(bound))), ...HOTKEYS];
}
