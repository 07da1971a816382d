import { type DestinationStream, type Logger, pino } from "pino";

export type { Logger };

/** What identifies a person, and what opens a door. */
const UNLOGGED = ["patientName", "patientId", "password", "hookSecret", "authorization"];

/**
 * Structured logs on stderr (stdout belongs to a command's result). Log UIDs, codes and counts only: never names,
 * patient ids, dates of birth, descriptions or any other attribute that could identify a person.
 */
export function createLogger(
  level: string,
  destination: { fd: number } | { dest: string } | DestinationStream = { fd: 2 },
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // A safety net under the rule above, for objects that are logged whole.
      redact: { paths: UNLOGGED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), remove: true },
    },
    "write" in destination ? destination : pino.destination({ ...destination, sync: true }),
  );
}
