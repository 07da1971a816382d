import { z } from "zod";
import type { PacsConfig } from "../config.ts";
import { uidSchema } from "../contract/uid.ts";
import { type ErrorCode, toVigilError, VigilError } from "../errors.ts";
import { pacsHeaders } from "../pacs-credentials.ts";
import { BYTES_PER_MIB, type HttpRequest, sendRequest, statusError, withoutQuery } from "./http.ts";
import type { Announce } from "./subscription.ts";

const PAGE_SIZE = 1000;
const DAY_MS = 86_400_000;
/** In how many polls a study of the feed may fail to be read before the feed goes on without it. */
const MAX_TRIES = 5;
/** That the whole Orthanc does not work says nothing about one study. */
const OUTAGES = new Set<ErrorCode>(["pacs-unreachable", "pacs-unauthorized", "interrupted"]);

/** Only the number must be there: whatever else is wrong with a change may hide no other. */
const changeSchema = z.object({
  Seq: z.int(),
  ChangeType: z.string().catch(""),
  ResourceType: z.string().catch(""),
  ID: z.string().catch(""),
  Date: z.string().catch(""),
});
type Change = z.infer<typeof changeSchema>;

/** `Last` is the last change of the page, or of the whole feed when the page is empty. */
const changesSchema = z.object({ Changes: z.array(changeSchema), Last: z.int() });
type Page = z.infer<typeof changesSchema>;

const studySchema = z.object({ MainDicomTags: z.object({ StudyInstanceUID: z.string() }) });

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
 * beginning leaves out what is older than `lookBackDays`. A study that cannot be read, or cannot be used, is set aside
 * and said: it does not keep the feed from going on.
 */
export class OrthancChanges {
  readonly #config: PacsConfig & { orthanc: string };
  readonly #cursor: Cursor;
  readonly #announce: Announce;
  readonly #onSetAside: (message: string) => void;
  #position: Position | undefined;
  #loaded = false;
  /** Reading from the beginning, until the end has been reached. */
  #catchingUp = false;
  #failing = { seq: 0, tries: 0 };

  /** @param onSetAside is told of each study that is left out of the feed, without patient data */
  constructor(
    config: PacsConfig & { orthanc: string },
    cursor: Cursor,
    announce: Announce,
    onSetAside: (message: string) => void = () => {},
  ) {
    this.#config = config;
    this.#cursor = cursor;
    this.#announce = announce;
    this.#onSetAside = onSetAside;
  }

  /** Announces all changes since the last call. */
  async poll(signal: AbortSignal): Promise<void> {
    await this.#loadPosition();
    let begunAnew = false;
    for (;;) {
      if (this.#position === undefined) this.#catchingUp = true;
      // One change too early on purpose: the last one we saw tells whether this is still the same feed.
      const since = this.#position === undefined ? 0 : this.#position.seq - 1;
      const page = await this.#getChanges(since, signal);
      if (this.#position !== undefined && !isSameFeed(page, this.#position)) {
        this.#position = undefined;
        // Twice in one look: the feed is another one each time it is asked, and the next look is soon enough.
        if (begunAnew) return;
        begunAnew = true;
        continue;
      }
      const fresh = page.Changes.filter((change) => change.Seq > (this.#position?.seq ?? 0));
      if (fresh.length === 0) {
        this.#catchingUp = false;
        return;
      }
      await this.#followAll(fresh, signal);
    }
  }

  async #loadPosition(): Promise<void> {
    if (this.#loaded) return;
    const saved = await this.#cursor.load();
    this.#position = saved === undefined ? undefined : positionSchema.safeParse(JSON.parse(saved)).data;
    this.#loaded = true;
  }

  async #followAll(changes: Change[], signal: AbortSignal): Promise<void> {
    let last: Change | undefined;
    try {
      for (const change of changes) {
        if (!this.#catchingUp || this.#isRecent(change)) await this.#follow(change, signal);
        last = change;
      }
    } finally {
      // Also when one fails: those before it are done.
      if (last !== undefined) {
        this.#position = { seq: last.Seq, mark: mark(last) };
        await this.#cursor.save(JSON.stringify(this.#position));
      }
    }
  }

  async #follow(change: Change, signal: AbortSignal): Promise<void> {
    const stable = change.ChangeType === "StableStudy";
    if (change.ResourceType !== "Study" || !(stable || change.ChangeType === "NewStudy")) return;
    if (!/^[\w-]+$/.test(change.ID)) return this.#onSetAside(`change ${change.Seq} names no study`);
    const study = await this.#readStudy(change, signal);
    if (study === undefined) return;
    // Padding (PS3.5 9.1), which some files have as blanks.
    const uid = uidSchema.safeParse(study.MainDicomTags.StudyInstanceUID.replace(/[ \0]+$/, ""));
    if (uid.success) await this.#announce(uid.data, { stable });
    else this.#onSetAside(`Orthanc's study ${change.ID} has a Study Instance UID that cannot be used`);
  }

  /** undefined when it is gone, or set aside. @throws VigilError when it is to be tried again */
  async #readStudy(
    { Seq: seq, ID: id }: Change,
    signal: AbortSignal,
  ): Promise<z.infer<typeof studySchema> | undefined> {
    try {
      return await this.#get(`/studies/${id}`, studySchema, signal);
    } catch (cause) {
      const error = toVigilError(cause);
      if (OUTAGES.has(error.code)) throw error;
      this.#failing = { seq, tries: this.#failing.seq === seq ? this.#failing.tries + 1 : 1 };
      if (this.#failing.tries < MAX_TRIES) throw error;
      this.#onSetAside(`Orthanc's study ${id} could not be read ${MAX_TRIES} times: ${error.message}`);
      return undefined;
    }
  }

  async #getChanges(since: number, signal: AbortSignal): Promise<Page> {
    const answer = await this.#get(`/changes?since=${since}&limit=${PAGE_SIZE}`, changesSchema, signal);
    if (answer !== undefined) return answer;
    const { orthanc } = this.#config;
    throw new VigilError("pacs-refused", `${orthanc} has no /changes: is this Orthanc's REST root?`);
  }

  /** undefined when there is no such resource: a study may be gone by the time its change is read. */
  async #get<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T | undefined> {
    const request: HttpRequest = {
      method: "GET",
      url: `${this.#config.orthanc}${path}`,
      headers: pacsHeaders(this.#config),
      timeoutMs: this.#config.timeoutS * 1000,
      maxBytes: this.#config.maxAnswerMiB * BYTES_PER_MIB,
      signal,
    };
    const answer = await sendRequest(request);
    if (answer.status === 404) return undefined;
    const error = statusError(request, answer);
    if (error !== undefined) throw error;
    try {
      return schema.parse(JSON.parse(new TextDecoder().decode(answer.body)));
    } catch (cause) {
      throw new VigilError("pacs-answer-invalid", `GET ${withoutQuery(request.url)} is not what Orthanc answers`, {
        cause,
      });
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
