import type { StoredInstance, StudySource } from "../../src/dicom/source.ts";

/** The stored objects of one series. */
export async function* readSeries(source: StudySource, seriesInstanceUid: string): AsyncIterable<StoredInstance> {
  const headers = await source.listInstances();
  yield* source.readInstances(headers.filter((header) => header.seriesInstanceUid === seriesInstanceUid));
}
