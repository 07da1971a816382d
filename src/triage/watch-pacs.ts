import { OrthancChanges } from "../dicomweb/orthanc-changes.ts";
import type { Pacs } from "../dicomweb/pacs.ts";
import { qidoPoll } from "../dicomweb/qido-poll.ts";
import { type Announce, Subscription } from "../dicomweb/subscription.ts";
import { databaseCursor } from "../store/cursors.ts";
import { reviveAfterOutage, studiesToDo } from "../store/work.ts";
import { announce } from "./announce.ts";
import type { TriageContext } from "./context.ts";

/**
 * The subscriptions to one PACS: polling over QIDO-RS, which every PACS has, and Orthanc's change feed where there
 * is one, which is faster. Either alone finds every study.
 */
export function watchPacs(context: TriageContext, pacs: Pacs): Subscription[] {
  const tell: Announce = (uid, news) => announce(context, uid, news, pacs.name);
  const warn = (message: string) => context.logger.warn({ pacs: pacs.name }, message);
  const subscriptions = [subscribe(context, pacs, "qido", pacs.config.pollS, qidoPoll(pacs, tell, warn))];
  const { orthanc } = pacs.config;
  if (orthanc !== undefined) {
    const cursor = databaseCursor(context.database.db, `orthanc-changes ${orthanc}`);
    const changes = new OrthancChanges({ ...pacs.config, orthanc }, cursor, tell, warn);
    const poll = (signal: AbortSignal) => changes.poll(signal);
    subscriptions.push(subscribe(context, pacs, "orthanc-changes", pacs.config.changesPollS, poll));
  }
  return subscriptions;
}

function subscribe(
  context: TriageContext,
  pacs: Pacs,
  kind: string,
  intervalS: number,
  poll: (signal: AbortSignal) => Promise<void>,
): Subscription {
  const { logger } = context;
  return new Subscription({
    intervalMs: intervalS * 1000,
    poll,
    onUp: () => {
      logger.info({ pacs: pacs.name, kind }, "watching the PACS");
      resume(context, pacs).catch((error) => logger.error({ err: error }, "work was not resumed"));
    },
    onDown: (error) => logger.warn({ pacs: pacs.name, kind, code: error.code }, error.message),
  });
}

/** The PACS is back: whatever waits for another try need not wait any longer. */
async function resume({ database, queue }: TriageContext, pacs: Pacs): Promise<void> {
  await reviveAfterOutage(database.db, pacs.name);
  for (const uid of await studiesToDo(database.db)) await queue.wake(uid);
}
