import { z } from "zod";
import type { PacsConfig } from "../config.ts";
import { uidSchema } from "../contract/uid.ts";
import { VigilError } from "../errors.ts";
import { pacsHeaders } from "../pacs-credentials.ts";
import { type HttpRequest, sendRequest, statusError } from "./http.ts";
import type { Announce } from "./subscription.ts";

const PAGE_SIZE = 1000;
const DAY_MS = 86_400_000;

const changeSchema = z.object({
  Seq: z.int(),
  ChangeType: z.string(),
  ResourceType: z.string(),
  ID: z.string(),
  Date: z.string(),
});
type Change = z.infer<typeof changeSchema>;

/** `Last` is the last change of the page, or of the whole feed when the page is empty. */
const changesSchema = z.object({ Changes: z.array(changeSchema), Last: z.int() });
type Page = z.infer<typeof changesSchema>;

const studySchema = z.object({ MainDicomTags: z.object({ StudyInstanceUID: uidSchema }) });

/** Where in the feed we are. `mark` identifies the change at `seq`: another one there means another database. */
const positionSchema = z.object({ seq: z.int(), mark: z.string() });
type Position = z.infer<typeof positionSchema>;

/** Keeps a position over restarts. */
export interface Cursor {
  load(): Promise<string | undefined>;
  save(position: string): Promise<void>;
}

/**
 * Follows Orthanc's change feed, which keeps the changes of all that it still holds: nothing of that is missed while
 * either side was down. When the feed
 * is not the one that was followed before (Orthanc was emptied), it is read from its beginning. A reading from the
 * beginning leaves out what is older than `lookBackDays`.
 */
export class OrthancChanges {
  readonly #config: PacsConfig & { orthanc: string };
  readonly #cursor: Cursor;
  readonly #announce: Announce;
  #position: Position | undefined;
  #loaded = false;

  constructor(config: PacsConfig & { orthanc: string }, cursor: Cursor, announce: Announce) {
    this.#config = config;
    this.#cursor = cursor;
    this.#announce = announce;
  }

  /** Announces all changes since the last call. */
  async poll(signal: AbortSignal): Promise<void> {
    await this.#loadPosition();
    let catchingUp = this.#position === undefined;
    for (;;) {
      // One change too early on purpose: the last one we saw tells whether this is still the same feed.
      const since = this.#position === undefined ? 0 : this.#position.seq - 1;
      const page = await this.#getChanges(since, signal);
      if (this.#position !== undefined && !isSameFeed(page, this.#position)) {
        this.#position = undefined;
        catchingUp = true;
        continue;
      }
      const fresh = page.Changes.filter((change) => change.Seq > (this.#position?.seq ?? 0));
      const newest = fresh.at(-1);
      if (newest === undefined) return;
      await this.#announceAll(catchingUp ? fresh.filter((change) => this.#isRecent(change)) : fresh, signal);
      this.#position = { seq: newest.Seq, mark: mark(newest) };
      await this.#cursor.save(JSON.stringify(this.#position));
    }
  }

  async #loadPosition(): Promise<void> {
    if (this.#loaded) return;
    const saved = await this.#cursor.load();
    this.#position = saved === undefined ? undefined : positionSchema.safeParse(JSON.parse(saved)).data;
    this.#loaded = true;
  }

  async #announceAll(changes: Change[], signal: AbortSignal): Promise<void> {
    for (const change of changes) {
      const stable = change.ChangeType === "StableStudy";
      if (change.ResourceType !== "Study" || !(stable || change.ChangeType === "NewStudy")) continue;
      const study = await this.#get(`/studies/${encodeURIComponent(change.ID)}`, studySchema, signal);
      if (study !== undefined) await this.#announce(study.MainDicomTags.StudyInstanceUID, { stable });
    }
  }

  async #getChanges(since: number, signal: AbortSignal): Promise<Page> {
    const answer = await this.#get(`/changes?since=${since}&limit=${PAGE_SIZE}`, changesSchema, signal);
    if (answer !== undefined) return answer;
    throw new VigilError("pacs-refused", `${this.#config.orthanc} has no /changes: is this Orthanc's REST root?`);
  }

  /** undefined when there is no such resource: a study may be gone by the time its change is read. */
  async #get<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T | undefined> {
    const request: HttpRequest = {
      method: "GET",
      url: `${this.#config.orthanc}${path}`,
      headers: pacsHeaders(this.#config),
      timeoutMs: this.#config.timeoutS * 1000,
      signal,
    };
    const answer = await sendRequest(request);
    if (answer.status === 404) return undefined;
    const error = statusError(request, answer);
    if (error !== undefined) throw error;
    try {
      return schema.parse(JSON.parse(new TextDecoder().decode(answer.body)));
    } catch (cause) {
      throw new VigilError("pacs-answer-invalid", `GET ${request.url} is not what Orthanc answers`, { cause });
    }
  }

  /** Orthanc's dates name no time zone; a day more than asked for covers them all. */
  #isRecent(change: Change): boolean {
    const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)T/.exec(change.Date) ?? [];
    if (year === undefined) return true;
    const changedAt = Date.UTC(Number(year), Number(month) - 1, Number(day));
    return changedAt >= Date.now() - (this.#config.lookBackDays + 2) * DAY_MS;
  }
}

/** A deleted resource takes its changes with it, but the numbers go on; in a new database they begin anew. */
function isSameFeed({ Changes: [first], Last: last }: Page, { seq, mark: expected }: Position): boolean {
  return first?.Seq === seq ? mark(first) === expected : last >= seq;
}

function mark(change: Change): string {
  return `${change.ChangeType} ${change.ID} ${change.Date}`;
}
