import { spawnSync } from "node:child_process";
import { z } from "zod";
import type { PrepareFigures } from "./prepare-figures.ts";
import { pythonWith } from "./pydicom.ts";

/**
 * The same steps in Python, as a researcher writes them: read, HU, window, head box as src/ai/head-box.ts finds it, crop of
 * one size for a study, blur, resize, shares in 255 levels, one .npy for all.
 */
const SCRIPT = `
import json, os, resource, sys, time
import cv2, numpy, pydicom
cv2.setNumThreads(1)
folder, out, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
files = sorted(os.path.join(folder, name) for name in os.listdir(folder))
kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))

def head_box(grey):
    small = cv2.resize(grey, (256, 256), interpolation=cv2.INTER_AREA)
    opened = cv2.morphologyEx((small > 30).astype(numpy.uint8), cv2.MORPH_OPEN, kernel)
    count, _, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    if count < 2: return 128, 128, 256, 256
    x, y, w, h, _ = stats[1 + stats[1:, 4].argmax()] * 2
    return x + w / 2, y + h / 2, w, h

def study(files):
    greys = []
    for file in files:
        dataset = pydicom.dcmread(file)
        hu = dataset.pixel_array.astype(numpy.float32) * float(dataset.RescaleSlope) + float(dataset.RescaleIntercept)
        greys.append(numpy.clip((hu + 20) / 120, 0, 1) * 255)
    boxes = [head_box(grey) for grey in greys]
    side = numpy.percentile([max(w, h) for _, _, w, h in boxes], 75) * 1.06
    scale = 224 / side
    rows = []
    for grey, (x, y, _, _) in zip(greys, boxes):
        if scale < .75: grey = cv2.GaussianBlur(grey, (0, 0), .45 / scale)
        move = numpy.array([[scale, 0, 112 - scale * x], [0, scale, 112 - scale * y]])
        crop = cv2.warpAffine(grey, move, (224, 224), flags=cv2.INTER_LINEAR)
        rows.append(numpy.round(cv2.resize(crop, (160, 160), interpolation=cv2.INTER_AREA)).astype(numpy.uint8))
    return rows

rounds = []
for _ in range(runs):
    wall, cpu = time.perf_counter(), time.process_time()
    rows = []
    for name in sorted({os.path.basename(file).rsplit("-", 1)[0] for file in files}):
        rows += study([file for file in files if os.path.basename(file).startswith(name + "-")])
    numpy.save(out, numpy.stack(rows)[:, None])
    rounds.append([time.process_time() - cpu, time.perf_counter() - wall])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
versions = f"pydicom {pydicom.__version__}, numpy {numpy.__version__}, OpenCV {cv2.__version__}"
print(json.dumps({"versions": versions, "rounds": rounds, "peak": peak, "slices": len(rows)}))
`;

const answerSchema = z.object({
  versions: z.string(),
  rounds: z.array(z.tuple([z.number(), z.number()])).min(1),
  peak: z.number(),
  slices: z.number(),
});

/** Its start is not counted. null, and a word on stderr, where Python or its packages cannot be had. */
export function prepareWithPython(folder: string, out: string, runs: number): PrepareFigures | null {
  const python = pythonWith(["pydicom", "numpy", "opencv-python-headless"]);
  const done =
    python === undefined
      ? undefined
      : spawnSync(python, ["-c", SCRIPT, folder, out, String(runs)], { encoding: "utf8" });
  if (done?.status !== 0) {
    process.stderr.write(`  Python is left out: pydicom, numpy or OpenCV cannot be had ${done?.stderr ?? ""}\n`);
    return null;
  }
  const { versions, rounds, peak, slices } = answerSchema.parse(JSON.parse(done.stdout));
  const [cpuS, wallS] = rounds.toSorted(([a], [b]) => a - b)[0]!;
  return { what: versions, slices, cpuS, wallS, peakRssMib: peak };
}
