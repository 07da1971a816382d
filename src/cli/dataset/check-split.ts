import { checkSplit as check } from "../../training/split/check-split.ts";
import { printJson, printLine } from "../print.ts";
import { withProgress } from "../progress.ts";
import { tell } from "./told.ts";

const SHOWN = 20;

/** `vigil dataset split --check`: leaks between the sides of any table; exit code 1 where there are any. */
export async function checkSplit(
  table: string,
  images: string | undefined,
  { json }: { json?: boolean },
): Promise<void> {
  const { leaks, remarks } = await withProgress("comparing", (onProgress) => check(table, images, onProgress));
  for (const remark of remarks) tell(remark);
  if (leaks.length > 0) process.exitCode = 1;
  if (json) return printJson({ leaks });
  if (leaks.length === 0) printLine("no leaks found");
  for (const [kind, found] of Map.groupBy(leaks, (leak) => leak.kind)) {
    printLine(`${found.length} ${kind}`);
    for (const { a, b, folds } of found.slice(0, SHOWN))
      printLine(`  ${a === b ? a : `${a} = ${b}`}  (${folds.join(", ")})`);
    if (found.length > SHOWN) printLine(`  and ${found.length - SHOWN} more: --json lists all`);
  }
}
