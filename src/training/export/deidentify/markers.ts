import type { RawDataSet, RawElement } from "../../../dicom/raw-data-set.ts";
import type { AttributeAction } from "./actions.ts";
import { EDITION, METHODS } from "./profile.ts";
import { bytesOfTexts } from "./value-text.ts";

const element = (tag: string, vr: string, ...texts: string[]): RawElement => ({
  tag,
  vr,
  value: bytesOfTexts(texts, vr),
});

/** How an object says that, and how, it was de-identified (PS3.15 E.1.1, PS3.3 C.12.1.1.1.1). */
function markers(isImage: boolean): RawDataSet {
  const codes = METHODS.map(({ code, meaning }) => [
    element("x00080100", "SH", code),
    element("x00080102", "SH", "DCM"),
    element("x00080104", "LO", meaning),
  ]);
  return [
    element("x00080005", "CS", "ISO_IR 192"),
    element("x00120062", "CS", "YES"),
    element("x00120063", "LO", "Vigil", EDITION),
    { tag: "x00120064", vr: "SQ", value: codes },
    // Nobody took the face away (PS3.15 E.3.2).
    ...(isImage ? [element("x00280302", "CS", "YES")] : []),
    element("x00280303", "CS", "MODIFIED"),
  ];
}

/** With the marks, in the place of any that were there. */
export function marked(elements: RawDataSet, isImage: boolean): { elements: RawDataSet; actions: AttributeAction[] } {
  const added = markers(isImage);
  const tags = new Set(added.map(({ tag }) => tag));
  return {
    elements: [...elements.filter(({ tag }) => !tags.has(tag)), ...added].sort((a, b) => (a.tag < b.tag ? -1 : 1)),
    actions: added.map(({ tag, vr }) => ({ tag, vr: vr!, action: "added" })),
  };
}
