import { previewSchema } from "../src/contract/preview.ts";
import { TestApi } from "../tests/support/api.ts";
import { EventStreamReader } from "../tests/support/event-stream.ts";
import { TestPacs } from "../tests/support/pacs.ts";
import { bleedingHeadStudy, filesOf } from "../tests/support/studies.ts";
import type { Benchmark } from "./benchmark.ts";
import { printTable } from "./table.ts";

const STUDIES = 12;
const BUDGET_MS = 300;

/** From the click on a study of the list to its pictures, none of which anybody has asked for before. */
export const preview: Benchmark = {
  about: `the preview of ${STUDIES} studies, from a click in the list to their pictures, over a local Orthanc`,
  async run() {
    const studies = Array.from({ length: STUDIES }, (_, n) => bleedingHeadStudy(`preview ${n}`));
    const pacs = await TestPacs.start();
    for (const study of studies) await pacs.send(filesOf(study));
    const api = await TestApi.start({ role: "all", pacs: [pacs.config()] });
    try {
      for (const { studyInstanceUid } of studies)
        await api.until(studyInstanceUid, ({ state }) => state === "reported");
      const list = await EventStreamReader.open(api.url);
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const figures = [];
      for (const { studyInstanceUid } of studies) figures.push(await timed(api.url, studyInstanceUid));
      list.close();
      printTable(figures);
      const held = figures.filter(({ allMs }) => Number(allMs) <= BUDGET_MS).length;
      process.stdout.write(`  all pictures within ${BUDGET_MS} ms: ${held} of ${STUDIES}\n`);
      return figures;
    } finally {
      await api.stop();
      await pacs.close();
    }
  },
};

async function timed(url: string, studyInstanceUid: string) {
  const begin = performance.now();
  const passed = () => (performance.now() - begin).toFixed(0);
  const answer = await fetch(`${url}/api/studies/${studyInstanceUid}/preview`);
  const { keySlices } = previewSchema.parse(await answer.json());
  const wordsMs = passed();
  const addresses = keySlices.flatMap(({ image, heatImage }) => (heatImage === null ? [image] : [image, heatImage]));
  const pictures = addresses.map(async (address) => {
    const picture = await fetch(url + address);
    await picture.arrayBuffer();
    if (!picture.ok) throw new Error(`${address}: ${picture.status}`);
    return passed();
  });
  const firstMs = await Promise.race(pictures);
  await Promise.all(pictures);
  return { study: `${addresses.length} pictures`, wordsMs, firstMs, allMs: passed() };
}
