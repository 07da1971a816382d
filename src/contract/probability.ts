import { z } from "zod";
import { LABELS } from "./labels.ts";

export const labelSchema = z.enum(LABELS);

export const probabilitySchema = z.number().min(0).max(1);

export const probabilitiesSchema = z.record(labelSchema, probabilitySchema);
