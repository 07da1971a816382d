import dcmjs, { type NaturalDataset } from "dcmjs";
import { derivedUid } from "./derived-uid.ts";
import { TRANSFER_SYNTAX } from "./uids.ts";

/** Names Vigil as the writer of a file (PS3.10 7.1). */
export const IMPLEMENTATION_CLASS_UID = derivedUid("vigil", "implementation");
export const IMPLEMENTATION_VERSION_NAME = "VIGIL_0_1";

/**
 * A Part 10 file (explicit VR, little endian, text as UTF-8) of a naturalised data set, which needs at least
 * SOPClassUID and SOPInstanceUID. Binary values are ArrayBuffers with their VR in `_vrMap`.
 * @param transferSyntaxUid of Pixel Data that is compressed already: one codestream, which becomes one fragment
 */
export function encodeDicom(
  dataset: NaturalDataset,
  transferSyntaxUid: string = TRANSFER_SYNTAX.explicitLittleEndian,
): Uint8Array {
  const { DicomMetaDictionary, DicomDict } = dcmjs.data;
  const file = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
      MediaStorageSOPClassUID: dataset.SOPClassUID,
      MediaStorageSOPInstanceUID: dataset.SOPInstanceUID,
      TransferSyntaxUID: transferSyntaxUid,
      ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
      ImplementationVersionName: IMPLEMENTATION_VERSION_NAME,
    }),
  );
  file.dict = DicomMetaDictionary.denaturalizeDataset({ SpecificCharacterSet: "ISO_IR 192", ...dataset });
  // Values copied from images that are longer than their VR allows stay as they are: a PACS matches by them. (dcmjs
  // would refuse some and log others, patient data included.)
  return new Uint8Array(file.write({ allowInvalidVRLength: true, fragmentMultiframe: false }));
}
