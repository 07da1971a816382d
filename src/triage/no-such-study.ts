import { VigilError } from "../errors.ts";

export function noSuchStudy(uid: string): VigilError {
  return new VigilError("not-found", `there is no study ${uid}`);
}
