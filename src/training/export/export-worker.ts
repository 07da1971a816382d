import { workerData } from "node:worker_threads";
import { answerInstances } from "../../dicom/instance-thread.ts";
import { Pseudonyms } from "./deidentify/pseudonyms.ts";
import { exportImage, type PixelForm } from "./export-image.ts";

/** What a thread starts with. */
export interface ExportWorkerData {
  form: PixelForm;
  /** The text of the key file; null when names stay. */
  key: string | null;
}

/** A thread that makes objects of the data set of stored ones. */
const { form, key } = workerData as ExportWorkerData;
const pseudonyms = key === null ? null : Pseudonyms.ofKeyText(key, "the key file");

answerInstances(
  (instance) => exportImage(instance, form, pseudonyms),
  (image) => ("bytes" in image ? [image.bytes.buffer] : []),
);
