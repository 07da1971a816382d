import { z } from "zod";
import { uidSchema } from "../../contract/uid.ts";

export const studyParams = z.object({ uid: uidSchema.describe("Study Instance UID") });
