import { parseArgs } from "node:util";
import { toVigilError, VigilError } from "../errors.ts";
import { installTraining, provenDevice } from "./training.ts";

const HELP = `Usage: npm run setup:training [-- --cuda]

Makes this machine ready for \`vigil train\`: TensorFlow from PyPI in an environment of its own, connected to Node, all
under .vigil/training. Needs Python 3.10 to 3.13 with its venv module, and g++.

  --cuda   TensorFlow with CUDA, for an NVIDIA GPU
  --help   this text
`;

const say = (line: string) => process.stderr.write(`vigil: ${line}\n`);

try {
  const { values } = parseArgs({ options: { cuda: { type: "boolean" }, help: { type: "boolean", short: "h" } } });
  if (values.help) process.stdout.write(HELP);
  else {
    await installTraining(values.cuda ? "cuda" : "cpu", say);
    const device = await provenDevice();
    if (values.cuda && device === "cpu") {
      throw new VigilError(
        "setup-failed",
        "TensorFlow with CUDA is installed, but it calculates on the CPU: see `nvidia-smi`",
      );
    }
    say(`training is ready, on ${device}`);
  }
} catch (error) {
  say(toVigilError(error).message);
  process.exitCode = 1;
}
