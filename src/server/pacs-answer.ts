/**
 * What a PACS may answer with under our origin: the media types of DICOMweb (PS3.18 8.7.3) that no browser runs.
 * Above all no HTML, SVG or XML: a script in one would act for the reader.
 */
const MEDIA_TYPES = [
  /^application\/(dicom|dicom\+json|json|octet-stream|pdf)$/,
  /^multipart\/related$/,
  /^text\/plain$/,
  // Without a "+": image/svg+xml is a document.
  /^(image|video)\/[a-z\d.-]+$/,
];

/** Nothing that comes from the PACS is a page: opened as one, it runs nothing and loads nothing. */
export const PACS_CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

export function isPacsMediaType(contentType: string): boolean {
  const type = contentType.split(";")[0]!.trim().toLowerCase();
  return MEDIA_TYPES.some((allowed) => allowed.test(type));
}
