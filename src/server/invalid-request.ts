import { z } from "zod";
import { VigilError } from "../errors.ts";

export const fieldProblemSchema = z.object({
  in: z.enum(["path", "query", "body"]),
  field: z.string().describe('"" = the whole of it'),
  message: z.string(),
});
export type FieldProblem = z.infer<typeof fieldProblemSchema>;

/** A request that does not have the documented form, with every place where it differs. */
export class InvalidRequest extends VigilError {
  readonly fields: FieldProblem[];

  constructor(fields: FieldProblem[]) {
    const said = fields.map(({ in: part, field, message }) => `${[part, field].filter(Boolean).join(" ")}: ${message}`);
    super("request-invalid", said.join("; "));
    this.fields = fields;
  }
}

/** What zod found wrong, field by field. */
export function fieldProblems(part: FieldProblem["in"], error: z.ZodError): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const at = issue.path.map(String);
    const places = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...at, key]) : [at];
    const message = issue.code === "unrecognized_keys" ? "is not known here" : issue.message;
    return places.map((place) => ({ in: part, field: place.join("."), message }));
  });
}
