/** Markup that is safe to put into a page as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = Html | string | number | null | Content[];

/** Markup with values in it: text is escaped, markup and lists of it go in as they are. */
export function html(parts: TemplateStringsArray, ...values: Content[]): Html {
  return new Html(parts.map((part, i) => part + markup(values[i] ?? null)).join(""));
}

function markup(content: Content): string {
  if (content === null) return "";
  if (content instanceof Html) return content.text;
  if (Array.isArray(content)) return content.map(markup).join("");
  return escaped(String(content));
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
