import { answerInstances } from "./instance-thread.ts";
import { readSlices } from "./slice.ts";

/** A thread that reads instances. */
answerInstances(readSlices, (slices) => slices.map(({ hu }) => hu.buffer));
