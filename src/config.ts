import path from "node:path";
import { z } from "zod";
import { readConfigFile } from "./config-file.ts";
import { VigilError } from "./errors.ts";
import { splitAddress } from "./pacs-credentials.ts";

const httpUrl = z.url({ protocol: /^https?$/ });

/** As a browser writes it: scheme, host and port. OHIF is built for the root of a site. */
const originUrl = z
  .url({ protocol: /^https?$/ })
  .refine((url) => /^https?:\/\/[^/?#@]+\/?$/i.test(url), "scheme, host and port only, such as https://vigil.example")
  .transform((url) => new URL(url).origin);

const pacsSettingsSchema = z.strictObject({
  name: z.string().min(1).default("pacs").describe("how logs and the API call this PACS"),
  dicomweb: httpUrl.describe("DICOMweb root, e.g. http://127.0.0.1:8042/dicom-web"),
  orthanc: httpUrl.optional().describe("Orthanc's REST root: faster notice of new studies through its change feed"),
  username: z.string().optional(),
  password: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}).describe("sent with every request, e.g. a bearer token"),
  timeoutS: z.number().positive().default(60).describe("how long a request may stay without an answer"),
  pollS: z.number().positive().default(10).describe("how often to ask for new studies over QIDO-RS"),
  changesPollS: z.number().positive().default(1).describe("how often to read Orthanc's change feed"),
  parallelRetrievals: z.int().min(1).max(64).default(4).describe("images of one study asked for at the same time"),
  maxInstanceMiB: z.number().positive().default(512).describe("the largest image that is read"),
  maxAnswerMiB: z.number().positive().default(256).describe("the largest other answer that is read, such as metadata"),
  lookBackDays: z.int().min(0).default(1).describe("how far back a QIDO-RS poll looks, by study date"),
});

/**
 * Credentials in an address (the DICOMweb root's, else Orthanc's) take the place of those beside it: an address is
 * shown and logged, they never are.
 */
const pacsSchema = pacsSettingsSchema.transform((pacs) => {
  const dicomweb = splitAddress(pacs.dicomweb);
  const orthanc = pacs.orthanc === undefined ? undefined : splitAddress(pacs.orthanc);
  const given = [dicomweb, orthanc].find((address) => address?.username !== undefined);
  return {
    ...pacs,
    dicomweb: dicomweb.url,
    ...(orthanc === undefined ? {} : { orthanc: orthanc.url }),
    ...(given === undefined ? {} : { username: given.username, password: given.password }),
  };
});

const providerSchema = z.enum(["auto", "cpu", "cuda", "tensorrt", "webgpu"]);

export const configSchema = z.strictObject({
  pacs: z.array(pacsSchema).default([]).describe("the PACS to watch"),
  server: z
    .strictObject({
      host: z.string().default("127.0.0.1"),
      port: z.int().min(0).max(65535).default(8077).describe("0 = any free one"),
      publicUrl: originUrl.optional().describe("what browsers call it by, behind a proxy or under a name of its own"),
      allowOpen: z
        .boolean()
        .default(false)
        .describe("listen on other addresses than loopback, though everyone who reaches them sees all studies"),
      hookSecret: z
        .string()
        .min(8)
        .optional()
        .describe("shared secret of POST /api/hooks/orthanc; without it the hook is closed"),
      readerHeader: z
        .string()
        .regex(/^[A-Za-z0-9-]+$/, "the name of an HTTP header")
        .optional()
        .describe("header with the login of the reader; only behind a proxy that sets it, and removes a client's own"),
      viewer: z.boolean().default(true).describe("serve the OHIF viewer"),
    })
    .prefault({}),
  data: z
    .strictObject({ dir: z.string().min(1).default(".vigil").describe("everything Vigil keeps on disk") })
    .prefault({}),
  database: z
    .strictObject({ url: z.string().min(1).optional().describe("PostgreSQL; absent = embedded, under data.dir") })
    .prefault({}),
  model: z
    .string()
    .regex(/^[A-Za-z0-9._-]+(@[A-Za-z0-9._-]+)?$/, "NAME or NAME@VERSION")
    .default("ich-lite")
    .describe("the active model, NAME[@VERSION]"),
  inference: z
    .strictObject({
      provider: providerSchema.default("auto").describe("auto = cuda where it really runs, else cpu"),
      workers: z.int().min(1).max(64).default(1).describe("worker threads, each with its own copy of the model"),
      threads: z.int().min(0).default(0).describe("threads inside one worker; 0 = all cores"),
      batchSize: z.int().min(1).max(256).default(8),
    })
    .prefault({}),
  triage: z
    .strictObject({
      stableS: z
        .number()
        .min(0)
        .default(20)
        .describe("a study is complete when its number of images has not changed for so long"),
      concurrency: z.int().min(1).max(64).default(1).describe("studies scored at the same time"),
      maxAttempts: z.int().min(1).default(8).describe("of a step that fails with a transient error"),
      retryDelayS: z.number().positive().default(2).describe("before the first retry; doubles each time, with jitter"),
    })
    .prefault({}),
  selection: z
    .strictObject({
      minSlices: z.int().min(1).default(8),
      maxSlices: z.int().min(1).default(2000),
      preferredThicknessMm: z.tuple([z.number(), z.number()]).default([2.5, 6]),
    })
    .prefault({}),
  log: z
    .strictObject({ level: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info") })
    .prefault({}),
});

export type Config = z.infer<typeof configSchema>;
export type PacsConfig = Config["pacs"][number];
export type Provider = z.infer<typeof providerSchema>;

/** What the command line may set. */
export interface ConfigFlags {
  config?: string | undefined;
  pacs?: string | undefined;
  orthanc?: string | undefined;
  host?: string | undefined;
  port?: string | undefined;
  data?: string | undefined;
  database?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
}

/** flag, environment variable, place in the file: one row per setting that does not only live in vigil.yaml. */
const OVERRIDES: { flag?: keyof ConfigFlags; env: string; at: (string | number)[]; as?: "number" | "boolean" }[] = [
  { flag: "pacs", env: "VIGIL_PACS", at: ["pacs", 0, "dicomweb"] },
  { flag: "orthanc", env: "VIGIL_ORTHANC", at: ["pacs", 0, "orthanc"] },
  { flag: "host", env: "VIGIL_HOST", at: ["server", "host"] },
  { flag: "port", env: "VIGIL_PORT", at: ["server", "port"], as: "number" },
  { env: "VIGIL_PUBLIC_URL", at: ["server", "publicUrl"] },
  { env: "VIGIL_ALLOW_OPEN", at: ["server", "allowOpen"], as: "boolean" },
  { flag: "data", env: "VIGIL_DATA", at: ["data", "dir"] },
  { flag: "database", env: "DATABASE_URL", at: ["database", "url"] },
  { flag: "model", env: "VIGIL_MODEL", at: ["model"] },
  { flag: "provider", env: "VIGIL_PROVIDER", at: ["inference", "provider"] },
  { env: "VIGIL_HOOK_SECRET", at: ["server", "hookSecret"] },
  { env: "VIGIL_LOG_LEVEL", at: ["log", "level"] },
];

/**
 * The configuration: defaults < vigil.yaml < environment < flags.
 * Without `--config`, `vigil.yaml` in the working directory is read when it exists.
 * @throws VigilError config-invalid that names the setting and where it came from
 */
export function loadConfig(
  flags: ConfigFlags = {},
  env: NodeJS.ProcessEnv = process.env,
  workingDir = process.cwd(),
): Config {
  const file = flags.config ?? path.join(workingDir, "vigil.yaml");
  const settings = readConfigFile(file, flags.config !== undefined);
  const origin = new Map<string, string>();
  for (const { flag, env: variable, at, as } of OVERRIDES) {
    const fromFlag = flag === undefined ? undefined : flags[flag];
    const text = fromFlag ?? (env[variable] || undefined);
    if (text === undefined) continue;
    setAt(settings, at, readAs(as, text));
    origin.set(at.join("."), fromFlag === undefined ? variable : `--${flag}`);
  }
  const parsed = configSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const where = issue.path.map(nameOf).join(".");
    const said =
      issue.code === "unrecognized_keys" ? `unknown key ${issue.keys.map(nameOf).join(", ")}` : issue.message;
    const place = where === "" ? "top level" : where;
    return `${place}: ${said} (from ${origin.get(where) ?? path.basename(file)})`;
  });
  throw new VigilError("config-invalid", problems.join("; "));
}

/** What cannot be read as meant stays a text, which the schema refuses. */
function readAs(as: "number" | "boolean" | undefined, text: string): unknown {
  if (as === "number" && /^-?\d+$/.test(text)) return Number(text);
  if (as === "boolean" && /^(true|false|1|0)$/.test(text)) return text === "true" || text === "1";
  return text;
}

/** A forgotten blank makes a key of a secret (`{password:secret}`): only what looks like a setting is repeated. */
function nameOf(key: PropertyKey): string {
  return /^[\w-]{1,40}$/.test(String(key)) ? String(key) : "(not shown)";
}

function setAt(settings: Record<string, unknown>, at: (string | number)[], value: unknown): void {
  let place = settings as Record<string | number, unknown>;
  for (const [index, key] of at.slice(0, -1).entries()) {
    const next = place[key];
    if (typeof next !== "object" || next === null) place[key] = typeof at[index + 1] === "number" ? [] : {};
    place = place[key] as Record<string | number, unknown>;
  }
  place[at.at(-1)!] = value;
}
