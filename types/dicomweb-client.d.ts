// The types that dicomweb-client ships contradict its code (and want a browser's library). These cover what Vigil calls.
declare module "dicomweb-client" {
  interface Request {
    /** Stands in for an XMLHttpRequest. */
    instance: object;
  }

  interface StudyPath {
    studyInstanceUID: string;
    request: Request;
  }

  class DICOMwebClient {
    constructor(options: { url: string; verbose: boolean });
    searchForStudies(options: { queryParams: Record<string, string | number>; request: Request }): Promise<unknown>;
    searchForSeries(options: StudyPath & { queryParams: Record<string, string | number> }): Promise<unknown>;
    searchForInstances(options: StudyPath & { queryParams: Record<string, string | number> }): Promise<unknown>;
    retrieveStudyMetadata(options: StudyPath): Promise<unknown>;
    storeInstances(options: { datasets: ArrayBuffer[]; request: Request }): Promise<unknown>;
  }

  const dicomweb: { api: { DICOMwebClient: typeof DICOMwebClient } };
  export default dicomweb;
  export type { DICOMwebClient };
}
