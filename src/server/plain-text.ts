import type { FieldProblem } from "./invalid-request.ts";

/**
 * Every text in what a client sent that no database keeps: PostgreSQL takes no NUL, and half of a surrogate pair is no
 * character. @param value as a schema has left it, so that its depth is bounded
 */
export function unusableTexts(part: FieldProblem["in"], value: unknown, field = ""): FieldProblem[] {
  if (typeof value === "string") {
    if (!value.includes("\0") && value.isWellFormed()) return [];
    return [{ in: part, field, message: "has a NUL or half a character in it" }];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    unusableTexts(part, inner, field === "" ? key : `${field}.${key}`),
  );
}
