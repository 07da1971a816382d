import { workerData } from "node:worker_threads";
import { answerInstances } from "../../dicom/instance-thread.ts";
import { exportImage, type PixelForm } from "./export-image.ts";

/** What a thread starts with. */
export interface ExportWorkerData {
  form: PixelForm;
}

/** A thread that makes objects of the data set of stored ones. */
const { form } = workerData as ExportWorkerData;

answerInstances(
  (instance) => exportImage(instance, form, null),
  (image) => ("bytes" in image ? [image.bytes.buffer] : []),
);
