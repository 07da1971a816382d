import type { NaturalDataset } from "dcmjs";
import type { ModelRef } from "../contract/model.ts";
import { CODES } from "../contract/report-codes.ts";
import { derivedUid } from "../dicom/derived-uid.ts";
import { VERSION } from "../version.ts";
import { type ContentItem, codeItem, codeSequence, textItem, uidItem } from "./content-item.ts";

export const MANUFACTURER = "Vigil";
export const PRODUCT_NAME = "Vigil AI triage";

/** The model is the observing device; content and Contributing Equipment name it alike (IHE AIR). */
function deviceUid(model: ModelRef): string {
  return derivedUid("vigil", "device", model.name, model.version);
}

/** TID 1002 and 1004: the observer is a device. */
export function observerContext(model: ModelRef): ContentItem[] {
  return [
    codeItem("HAS OBS CONTEXT", CODES.observerType, CODES.device),
    uidItem("HAS OBS CONTEXT", CODES.deviceObserverUid, deviceUid(model)),
    textItem("HAS OBS CONTEXT", CODES.deviceObserverName, PRODUCT_NAME),
    textItem("HAS OBS CONTEXT", CODES.deviceObserverManufacturer, MANUFACTURER),
    textItem("HAS OBS CONTEXT", CODES.deviceObserverModelName, model.name),
  ];
}

/** TID 4019: which algorithm, with what settings. */
export function algorithmIdentification(model: ModelRef, parameters: string): ContentItem[] {
  return [
    textItem("HAS CONCEPT MOD", CODES.algorithmName, model.name),
    textItem("HAS CONCEPT MOD", CODES.algorithmVersion, model.version),
    textItem("HAS CONCEPT MOD", CODES.algorithmParameters, parameters),
  ];
}

/** The item of the Contributing Equipment Sequence (PS3.3 C.12.1) that IHE AIR asks for. */
export function contributingEquipment(model: ModelRef, contributedAt: string): NaturalDataset {
  return {
    PurposeOfReferenceCodeSequence: codeSequence(CODES.processingEquipment),
    Manufacturer: MANUFACTURER,
    ManufacturerModelName: model.name,
    SoftwareVersions: [model.version, `${MANUFACTURER} ${VERSION}`],
    DeviceUID: deviceUid(model),
    ContributionDateTime: contributedAt,
  };
}
