import { createHmac } from "node:crypto";
import { uidOfDigest } from "../../../dicom/derived-uid.ts";
import { VigilError } from "../../../errors.ts";

const KEY_BYTES = 32;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const MOST_DAYS = 3650;
const FEWEST_DAYS = 365;

/** Forms that only pseudonyms have. */
export const PSEUDONYM_FORMS = {
  patientId: /^VIGIL-[A-Z2-7]{16}$/,
  personName: /^VIGIL\^[A-Z2-7]{16}$/,
  /** Accession numbers and codes. */
  short: /^V[A-Z2-7]{15}$/,
  institution: /^VIGIL-[A-Z2-7]{16}$/,
} as const;

/** What takes the place of names and numbers. */
export interface Replacements {
  uid(original: string): string;
  patientId(patient: string): string;
  /** Of the patient: derived from the number, so that both always belong together. Of others: from their names. */
  personName(of: string): string;
  institution(original: string): string;
  /** Of at most 16 characters. */
  short(kind: string, original: string): string;
}

/**
 * Takes names and numbers of people for others, the same for the same, whatever the file, the run or the machine: a keyed
 * hash (HMAC-SHA-256). Who has the key can find an original by trying; nobody else can.
 */
export class Pseudonyms implements Replacements {
  /** Tells whether two data sets were mapped by the same key. */
  readonly keyId: string;
  readonly #key: Uint8Array;

  /** @throws VigilError usage-invalid when the key is not of 32 bytes */
  constructor(key: Uint8Array) {
    if (key.length !== KEY_BYTES)
      throw new VigilError("usage-invalid", `the key has ${key.length} bytes, it must have ${KEY_BYTES}`);
    this.#key = key;
    this.keyId = this.#digest("key id", "").toString("hex").slice(0, 16);
  }

  /** Of the text of a key file: 64 hexadecimal digits. @throws VigilError usage-invalid, never quoting it */
  static ofKeyText(text: string, file: string): Pseudonyms {
    if (!/^[0-9a-f]{64}$/i.test(text.trim())) {
      const remedy = "it must hold 64 hexadecimal digits, such as `openssl rand -hex 32` makes";
      throw new VigilError("usage-invalid", `${file} holds no key: ${remedy}`);
    }
    return new Pseudonyms(Buffer.from(text.trim(), "hex"));
  }

  uid(original: string): string {
    return uidOfDigest(this.#digest("uid", original));
  }

  patientId(patient: string): string {
    return `VIGIL-${this.#letters("patient", patient, 16)}`;
  }

  personName(of: string): string {
    return `VIGIL^${this.#letters("name", of, 16)}`;
  }

  institution(original: string): string {
    return `VIGIL-${this.#letters("institution", original, 16)}`;
  }

  short(kind: string, original: string): string {
    return `V${this.#letters(kind, original, 15)}`;
  }

  /** By how many days the dates of a patient are moved: always back, so that none lies in the future. */
  dayShift(patient: string): number {
    const span = MOST_DAYS - FEWEST_DAYS + 1;
    return -(FEWEST_DAYS + (this.#digest("days", patient).readUInt32BE(0) % span));
  }

  #letters(kind: string, original: string, count: number): string {
    const digest = this.#digest(kind, original);
    return Array.from({ length: count }, (_, i) => BASE32[digest[i]! & 31]).join("");
  }

  #digest(kind: string, original: string): Buffer {
    return createHmac("sha256", this.#key)
      .update(JSON.stringify([kind, original]))
      .digest();
  }
}
