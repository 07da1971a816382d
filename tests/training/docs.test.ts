import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { LABELS } from "../../src/contract/labels.ts";
import { PROJECT_DIR } from "../../src/installation.ts";
import { needs, sharedData } from "../support/shared-data.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** docs/training.md is true: its commands run on real images, one after the other, and its Python code on what they make. */

const PAGE = readFileSync(path.join(PROJECT_DIR, "docs", "training.md"), "utf8");
/** Those that PhysioNet's pictures are enough for; the others need a PACS, a service or another collection. */
const RUN = ["import-images", "explore", "split", "prepare"];
/** The system's own, which has PyTorch (python3-torch). */
const PYTHON = "/usr/bin/python3";

function blocks(language: string): string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(([, text]) => text!);
}

const commands = blocks("sh")
  .flatMap((block) => block.replaceAll("\\\n", " ").split("\n"))
  .map((line) => line.replace(/\s+#.*$/, "").match(/^(?:npx )?vigil dataset (.+)$/)?.[1])
  .filter((text) => text !== undefined)
  .map((text) =>
    (text.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', "").replace(/^DATASET$/, "dataset")),
  );

function vigil(cwd: string, args: string[]) {
  const options = { cwd, encoding: "utf8" as const, maxBuffer: 64 * 2 ** 20 };
  return spawnSync(process.execPath, [path.join(PROJECT_DIR, "src", "cli.ts"), "dataset", ...args], options);
}

test("every option that the page gives a command is one of its options", () => {
  assert.ok(commands.length > RUN.length);
  const helps = new Map<string, string>();
  for (const [name, ...args] of commands) {
    const help = helps.get(name!) ?? vigil(PROJECT_DIR, [name!, "--help"]).stdout;
    helps.set(name!, help);
    for (const option of args.filter((arg) => arg.startsWith("--")))
      assert.ok(help.includes(option), `${name} ${option}`);
  }
});

describe("PhysioNet's images, as the page says", needs("physionet-ct-ich"), () => {
  const folder = temporaryFolder();
  const dataset = path.join(folder, "dataset");
  before(() => {
    symlinkSync(sharedData("physionet-ct-ich"), path.join(folder, "physionet-ct-ich"));
  });

  for (const [name, ...args] of commands.filter(([name]) => RUN.includes(name!))) {
    test(`vigil dataset ${name} ${args.join(" ")}`, () => {
      const { status, stderr } = vigil(folder, [name!, ...args]);
      assert.equal(status, 0, stderr);
    });
  }

  test("no label differs by 1.5 points between folds, and no patient is in two", () => {
    const rows = (file: string) => readFileSync(path.join(dataset, file), "utf8").trim().split("\n").slice(1);
    const patients = new Map<string, string>();
    const folds = new Map<string, string>();
    for (const [study, patient, fold] of rows("split.csv").map((row) => row.split(","))) {
      assert.equal(patients.get(patient!) ?? fold, fold, `patient ${patient}`);
      patients.set(patient!, fold!);
      folds.set(study!, fold!);
    }
    assert.equal(patients.size, 82);
    const images = rows("labels.csv").map((row) => row.split(","));
    for (const [i, label] of LABELS.entries()) {
      const shares = [...new Set(folds.values())].map((fold) => {
        const inFold = images.filter(([study]) => folds.get(study!) === fold);
        return (100 * inFold.filter((cells) => cells[2 + i] === "1").length) / inFold.length;
      });
      assert.ok(Math.max(...shares) - Math.min(...shares) < 1.5, `${label}: ${shares}`);
    }
  });

  test("its PyTorch data set gives the model's images with their labels", () => {
    const prepared = readdirSync(path.join(dataset, "prepared")).map((hash) => path.join(dataset, "prepared", hash));
    const models = prepared.filter((dir) =>
      readFileSync(path.join(dir, "index.json"), "utf8").includes('"kind":"model"'),
    );
    const script = path.join(folder, "prepared.py");
    writeFileSync(script, `${blocks("python")[0]}\n${USE}`);
    const { status, stdout, stderr } = spawnSync(PYTHON, [script, dataset, ...models], { encoding: "utf8" });
    assert.equal(status, 0, `${stderr} (python3-torch: try \`npm run setup -- --tests\`)`);
    const found = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(new Set(found.map(({ dtype }) => dtype)), new Set(["uint8", "float32"]));
    for (const { images, positives, shape, mean, loss } of found) {
      assert.equal(images, 2471);
      assert.deepEqual(positives, [166, 66, 23, 17, 56, 303]);
      assert.deepEqual(shape, [16, 1, 160, 160]);
      assert.ok(Math.abs(mean - found[0].mean) < 0.005);
      assert.ok(loss[1] < loss[0], `a step of training: ${loss}`);
    }
  });
});

/** What somebody would do next: counts, a batch, a step of training. */
const USE = `
import sys
for prepared in sys.argv[2:]:
    data = Prepared(sys.argv[1], prepared, folds=range(5))
    loader = torch.utils.data.DataLoader(data, batch_size=16)
    images, labels = next(iter(loader))
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.AvgPool2d(8), torch.nn.Flatten(), torch.nn.Linear(400, 6))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
    loss = []
    for step in range(2):
        value = torch.nn.functional.binary_cross_entropy_with_logits(model(images), labels)
        loss.append(value.item())
        optimizer.zero_grad(); value.backward(); optimizer.step()
    with open(os.path.join(prepared, "index.json")) as file:
        dtype = json.load(file)["dtype"]
    positives = [int(n) for n in numpy.sum([row[2] for row in data.rows], axis=0)]
    print(json.dumps({"dtype": dtype, "images": len(data), "positives": positives, "shape": list(images.shape),
                      "mean": images.mean().item(), "loss": loss}))
`;
