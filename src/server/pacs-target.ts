import { InvalidRequest } from "./invalid-request.ts";

/** The resources of DICOMweb (PS3.18 10.1). Whatever else the server has, such as Orthanc's `/servers`, stays inside. */
const RESOURCES = ["studies", "series", "instances"];

/** UIDs, names of resources, lists of frames, numbers of attributes: nothing that another server reads as a way up. */
const SEGMENT = /^(?!\.+$)[\w.~,:=@+-]+$/;

/** Characters that part or stand for themselves in a query (RFC 3986 3.4), where they were sent as they are. */
const QUERY_TEXT = /[^&=+,:;/*@]+/g;
const CONTROL = /\p{Cc}/u;

/**
 * The part of a request's target that the PACS gets, made anew of its decoded parts: what was checked is what is sent.
 * Orthanc resolves `..`, and the way up leads to its REST API, which can do anything.
 * @param target below the root of DICOMweb, with its query
 * @returns undefined when it is no resource of DICOMweb
 * @throws InvalidRequest
 */
export function pacsTarget(target: string): string | undefined {
  const [path = "", query] = target.split(/\?(.*)/s);
  const segments = path
    .replace(/\/$/, "")
    .split("/")
    .slice(1)
    .map((segment) => decoded("path", segment));
  if (!RESOURCES.includes(segments[0] ?? "")) return undefined;
  if (!segments.every((segment) => SEGMENT.test(segment))) {
    throw refused("path", "in the PACS it is made of letters, digits and . _ ~ , : = @ + -, and has no . or .. in it");
  }
  const way = `/${segments.join("/")}`;
  return query === undefined ? way : `${way}?${query.split("&").map(parameter).join("&")}`;
}

function parameter(text: string): string {
  const again = text.replace(QUERY_TEXT, (part) => encodeURIComponent(decoded("query", part)));
  // Orthanc's DICOMweb plugin 1.7 does not decode the commas of `includefield`, which OHIF encodes.
  return /^includefield=/i.test(again) ? again.replaceAll("%2C", ",") : again;
}

function decoded(part: "path" | "query", text: string): string {
  let plain: string;
  try {
    plain = decodeURIComponent(text);
  } catch {
    throw refused(part, "is not encoded as UTF-8 and % would have it");
  }
  if (CONTROL.test(plain)) throw refused(part, "has a control character in it");
  return plain;
}

function refused(part: "path" | "query", message: string): InvalidRequest {
  return new InvalidRequest([{ in: part, field: "", message }]);
}
