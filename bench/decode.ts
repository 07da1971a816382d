import { decodeFrame } from "../src/dicom/codecs/decode-frame.ts";
import type { Benchmark } from "./benchmark.ts";
import { encodedSlices } from "./encoded-slices.ts";
import { printTable } from "./table.ts";

const ROUNDS = 9;
const FRAMES_PER_ROUND = 5;

/** What a slice of each transfer syntax takes to decode: the table of docs/codecs.md. */
export const decode: Benchmark = {
  about: "decoding a slice of 512 x 512 in each transfer syntax: processor time on one core",
  async run() {
    const figures = [];
    for (const { syntax, frame } of await encodedSlices()) {
      const decodeOne = () => decodeFrame(frame.transferSyntaxUid, frame.bytes, frame.format);
      const startedAt = process.cpuUsage();
      await decodeOne();
      const firstMs = cpuMsSince(startedAt);
      const rounds: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const before = process.cpuUsage();
        for (let i = 0; i < FRAMES_PER_ROUND; i++) await decodeOne();
        rounds.push(cpuMsSince(before) / FRAMES_PER_ROUND);
      }
      const { transferSyntaxUid, bytes } = frame;
      figures.push({ syntax, transferSyntaxUid, kib: bytes.length / 1024, firstMs, bestMs: Math.min(...rounds) });
    }
    printTable(
      figures.map(({ syntax, transferSyntaxUid, kib, firstMs, bestMs }) => ({
        "transfer syntax": syntax,
        UID: transferSyntaxUid,
        KiB: kib.toFixed(0),
        "first ms": firstMs.toFixed(1),
        "ms a slice": bestMs.toFixed(1),
      })),
    );
    return figures;
  },
};

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
