import { PROBLEM_TEXT, type Problem } from "../../training/import/problems.ts";
import { colour, printLine } from "../print.ts";

/** A line for the person at the terminal, beside what is printed as the result. */
export function tell(message: string): void {
  process.stderr.write(`vigil: ${message}\n`);
}

/** What was found wrong, each with how often, what was done about it, and a few examples. */
export function printProblems(problems: Problem[]): void {
  for (const { code, count, examples } of problems) {
    printLine(`${colour("yellow", "!")} ${count} ${PROBLEM_TEXT[code]} [${code}]`);
    for (const example of examples) printLine(colour("grey", `    ${example}`));
    if (count > examples.length) printLine(colour("grey", `    and ${count - examples.length} more`));
  }
}
