import { z } from "zod";
import { modelRefSchema } from "../../contract/model.ts";
import { defineRoute, type Route } from "../define-route.ts";

const modelListSchema = z.object({
  items: z.array(
    modelRefSchema.extend({
      active: z.boolean().describe("whether new studies are scored with it"),
      provider: z.string().nullable().describe("what runs it in this process: cpu, cuda, tensorrt, webgpu"),
    }),
  ),
});
export type ModelList = z.infer<typeof modelListSchema>;

export function modelRoutes(listModels: () => Promise<ModelList>): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/api/models",
      tag: "models",
      summary: "The models that are installed",
      answers: { 200: { description: "All of them", schema: modelListSchema } },
      handle: async () => ({ status: 200, body: await listModels() }),
    }),
  ];
}
