import { z } from "zod";

export const healthCheckSchema = z.object({ name: z.string(), ok: z.boolean(), detail: z.string() });
export type HealthCheck = z.infer<typeof healthCheckSchema>;
