import assert from "node:assert/strict";
import { z } from "zod";

const answerSchema = z.looseObject({
  content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })).optional(),
});
const operationSchema = z.looseObject({
  parameters: z.array(z.looseObject({ in: z.string(), name: z.string() })),
  responses: z.record(z.string(), answerSchema),
});
const documentSchema = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});
export type OpenApiDocument = z.infer<typeof documentSchema>;

export interface ApiAnswer {
  status: number;
  /** Without parameters; "" when there is no body. */
  contentType: string;
  body: unknown;
}

/** What the service's own OpenAPI document promises, to hold its answers against. */
export class ApiContract {
  readonly document: OpenApiDocument;
  readonly #schemas: Record<string, Record<string, unknown>>;
  readonly #seen = new Set<string>();

  constructor(document: unknown) {
    this.document = documentSchema.parse(document);
    // Where zod's reader of JSON Schema looks for references.
    const schemas = JSON.stringify(this.document.components.schemas).replaceAll("#/components/schemas/", "#/$defs/");
    this.#schemas = JSON.parse(schemas);
  }

  /** Every answer to requests without a fault of the service: "get /api/worklist 200", … */
  get promised(): string[] {
    return this.#answers()
      .filter(({ status }) => Number(status) < 500)
      .map(({ name }) => name);
  }

  /** Those of the promised answers that have been given. */
  get seen(): string[] {
    return [...this.#seen];
  }

  /** @throws AssertionError unless the document has this operation with this answer */
  assertKept(method: string, path: string, answer: ApiAnswer): void {
    const found = this.#answers().find(
      (one) => one.method === method && one.pattern.test(path) && one.status === String(answer.status),
    );
    assert.ok(found !== undefined, `${method} ${path}: the answer ${answer.status} is not documented`);
    this.#seen.add(found.name);
    const { content } = found;
    if (content === undefined) {
      assert.equal(answer.contentType, "", `${found.name}: no body is documented`);
      return;
    }
    const schema = content[answer.contentType]?.schema;
    assert.ok(schema !== undefined, `${found.name}: "${answer.contentType}" is not documented`);
    const parsed = this.schema(schema).safeParse(answer.body);
    assert.ok(parsed.success, `${found.name}: ${parsed.error?.message}`);
  }

  /** The zod schema of a JSON schema in the document. */
  schema(jsonSchema: Record<string, unknown>): z.ZodType {
    const local = JSON.parse(JSON.stringify(jsonSchema).replaceAll("#/components/schemas/", "#/$defs/"));
    return z.fromJSONSchema({ ...local, $defs: this.#schemas });
  }

  #answers() {
    return Object.entries(this.document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { responses }]) =>
        Object.entries(responses).map(([status, { content }]) => ({
          name: `${method} ${path} ${status}`,
          method,
          pattern: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
          status,
          content,
        })),
      ),
    );
  }
}
