import { z } from "zod";

/**
 * A UID as the field has it: real archives hold `ID_7436cf1007` as well as digits and dots, and such an object can be
 * asked for and referred to all the same. `.` and `..` would lead elsewhere in an address, so they are none.
 */
export const uidSchema = z
  .string()
  .max(64)
  .regex(/^(?!\.{1,2}$)[0-9A-Za-z._-]+$/, "a UID: letters, digits and . _ -, 64 characters at most")
  .meta({ id: "Uid", example: "1.2.840.113619.2.5.1" });

/** Whether a UID is one by the standard (PS3.5 9.1): digits and dots, no component with a leading zero. */
export function isStandardUid(uid: string): boolean {
  return uid.length <= 64 && /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/.test(uid);
}
