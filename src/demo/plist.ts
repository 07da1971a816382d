/**
 * Reads a property list in XML: dictionaries, arrays, strings, numbers and booleans. Entities in texts stay as they are.
 * @throws SyntaxError
 */
export function parsePlist(xml: string): unknown {
  const parts = splitTags(xml.slice(xml.indexOf("<plist")));
  parts.next(); // <plist version="1.0">
  return value(parts, nextTag(parts));
}

type Part = { tag: string } | { text: string };
type Parts = Iterator<Part, undefined>;

function* splitTags(xml: string): Generator<Part, undefined> {
  let at = 0;
  while (at < xml.length) {
    const open = xml.indexOf("<", at);
    const close = xml.indexOf(">", open);
    if (open < 0 || close < 0) return;
    if (open > at) yield { text: xml.slice(at, open) };
    yield { tag: xml.slice(open + 1, close) };
    at = close + 1;
  }
}

function nextTag(parts: Parts): string {
  for (let part = parts.next(); !part.done; part = parts.next()) {
    if ("tag" in part.value) return part.value.tag;
    if (part.value.text.trim() !== "") break;
  }
  throw new SyntaxError("the property list ends early or has text where a tag belongs");
}

/** The text of an element, and its closing tag. */
function text(parts: Parts, tag: string): string {
  const part = parts.next().value;
  if (part !== undefined && "tag" in part && part.tag === `/${tag}`) return "";
  if (part === undefined || "tag" in part || nextTag(parts) !== `/${tag}`) {
    throw new SyntaxError(`<${tag}> of the property list is not a plain text`);
  }
  return part.text;
}

function value(parts: Parts, tag: string): unknown {
  switch (tag) {
    case "dict":
      return dictionary(parts);
    case "array":
      return array(parts);
    case "integer":
    case "real":
      return Number(text(parts, tag));
    case "string":
    case "date":
      return text(parts, tag);
    case "true/":
    case "false/":
      return tag === "true/";
    default:
      throw new SyntaxError(`the property list has an unknown element <${tag}>`);
  }
}

function dictionary(parts: Parts): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (let tag = nextTag(parts); tag !== "/dict"; tag = nextTag(parts)) {
    if (tag !== "key") throw new SyntaxError(`<${tag}> of the property list stands where a key belongs`);
    entries.push([text(parts, "key"), value(parts, nextTag(parts))]);
  }
  return Object.fromEntries(entries);
}

function array(parts: Parts): unknown[] {
  const values: unknown[] = [];
  for (let tag = nextTag(parts); tag !== "/array"; tag = nextTag(parts)) values.push(value(parts, tag));
  return values;
}
