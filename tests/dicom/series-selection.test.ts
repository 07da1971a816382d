import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { choice, SAGITTAL, type SeriesExample } from "../support/series-headers.ts";

/** A study that a hospital could send: what is expected, and its series. */
type Row = [name: string, expected: string, ...series: SeriesExample[]];

const THIN = { mm: 0.75 };
const SOFT: SeriesExample = { is: "soft", kernel: "H31s" };
const bone = (is: string, kernel: string): SeriesExample => ({ is, kernel });

const KERNELS: Row[] = [
  ["Siemens H", "Head 5.0 H31s", { is: "Head 5.0 H31s", kernel: "H31s" }, bone("Head 5.0 H60s", "H60s")],
  ["Siemens Hr", "Kopf 5.0 Hr40", { is: "Kopf 5.0 Hr40", kernel: "Hr40f\\3" }, bone("Kopf 1.0 Hr64", "Hr64h\\3")],
  ["Siemens J", "Head 5.0 J30s", { is: "Head 5.0 J30s", kernel: "J30s\\2" }, bone("Head J70", "J70h\\2")],
  ["Siemens, kernel only in the description", "5.0 H31s", { is: "5.0 H31s" }, { is: "5.0 H60s" }],
  ["GE", "AX BRAIN 5MM STD", { is: "AX BRAIN 5MM STD" }, bone("AX BONE", "BONEPLUS")],
  ["GE, soft beside lung", "HEAD", { is: "HEAD", kernel: "SOFT" }, bone("HEAD SHARP", "LUNG")],
  ["GE, ASiR", "Head SS40", { is: "Head SS40", kernel: "STANDARD" }, bone("Head SS40 bone", "BONE")],
  ["Philips UB", "Brain", { is: "Brain", kernel: "UB" }, bone("Bone", "D")],
  ["Philips, sharp brain is no bone", "Brain Sharp (UC)", { is: "Brain Sharp (UC)" }, bone("Bone (D)", "")],
  ["Philips UC and YC", "Head UC", { is: "Head UC", kernel: "UC" }, bone("Head YC", "YC")],
  ["Philips EB", "Head UA", { is: "Head UA", kernel: "UA" }, bone("Head EB", "EB")],
  ["Canon FC26", "Head 5.0 FC26", { is: "Head 5.0 FC26", kernel: "FC26" }, bone("Head FC30", "FC30")],
  ["Canon FC68", "Brain 5.0", { is: "Brain 5.0", kernel: "FC68" }, bone("Bone 1.0", "FC81")],
  ["Neusoft", "头颅平扫 5mm", { is: "头颅平扫 5mm", kernel: "SB" }, { is: "头颅骨窗", kernel: "F80" }],
  ["United Imaging", "Head soft", { is: "Head soft", kernel: "B_SOFT_C" }, bone("Head", "H_SHARP_C")],
  ["bone in the description", "Schädel", { is: "Schädel" }, { is: "Schädel Knochen" }],
  ["filtre dur", "crâne parenchyme", { is: "crâne parenchyme" }, { is: "crâne os" }],
  ["an unknown kernel is behind a soft one", "soft", { is: "unknown kernel", kernel: "X9" }, SOFT],
  ["bone alone", "bone-kernel-only", bone("Head", "H70h")],
];

const THICKNESS_AND_EXTENT: Row[] = [
  ["thick before thin of one scan", "5 mm", { is: "5 mm" }, { is: "0.75 mm", ...THIN }],
  ["10 mm behind 5 mm", "5 mm", { is: "10 mm", mm: 10 }, { is: "5 mm" }],
  ["only thin slices", "0.625", { is: "0.625", mm: 0.625, kernel: "STANDARD" }],
  ["thin soft before thick bone", "thin", { is: "thin", ...THIN, kernel: "H31s" }, bone("thick", "H60s")],
  ["the whole head before the posterior fossa", "soft", { is: "post fossa", coverMm: 50 }, SOFT],
  ["a whole thin head before half a thick one", "thin", { is: "thin", ...THIN, kernel: "" }, { ...SOFT, coverMm: 80 }],
  ["a head before head and neck", "head", { is: "head" }, { is: "both", coverMm: 300, fromMm: -125 }],
  ["a whole body that says HEAD is no head", "no-head", { is: "PET CT", coverMm: 900 }],
  ["a head beside a whole body that says HEAD", "Head 5.0", { is: "Trauma", coverMm: 800 }, { is: "Head 5.0" }],
  ["a newborn's head", "5.0", { is: "5.0", fovMm: 150, coverMm: 95, patientAge: "003D" }],
  ["a newborn's head without a word", "5.0", { is: "5.0", body: "", fovMm: 150, coverMm: 95, patientAge: "003D" }],
  ["an ear that says HEAD", "no-head", { is: "0.6", mm: 0.6, fovMm: 90, coverMm: 40 }],
  ["size tells a head where no word does", "5.0 mm", { is: "5.0 mm", body: "" }],
  ["a wide image without a word", "no-head", { is: "5.0 mm", body: "", fovMm: 410 }],
  ["a long image without a word", "no-head", { is: "5.0 mm", body: "", coverMm: 340 }],
  ["radiotherapy planning with mask", "RT Head 2mm", { is: "RT Head 2mm", mm: 2, fovMm: 500, coverMm: 240 }],
  ["navigation", "STEALTH AX 1MM", { is: "STEALTH AX 1MM", mm: 1, coverMm: 200 }],
  ["files without SOP class, thickness and words", "", { is: "", body: "", sopClassUid: "", sliceThicknessMm: null }],
];

const REGION: Row[] = [
  ["body part CHEST, protocol HEAD", "5.0", { is: "5.0", body: "CHEST", protocol: "HEAD ROUTINE" }],
  ["dental cone beam of 160 mm", "no-head", { is: "Head", manufacturer: "Planmeca" }],
  ["skull in Chinese is no bone kernel", "颅骨 5mm", { is: "颅骨 5mm" }, { is: "颅骨 骨窗" }],
  ["body part HEAD in a study of the sinuses", "no-head", { is: "1.0 soft", study: "CT PARANASAL SINUSES" }],
  ["a head in a study of the sinuses", "Head 5.0", { is: "Head 5.0", study: "CT SINUS" }],
  ["head and sinuses", "5.0", { is: "5.0", study: "CT HEAD AND SINUSES" }],
  ["body part HEAD in a study of the spine", "5.0", { is: "5.0", study: "CT CERVICAL SPINE" }],
  ["body part HEAD, protocol neck", "no-head", { is: "5.0", protocol: "Neck" }],
  ["spine beside head", "Head 5.0", { is: "C-Spine 2.0", mm: 2 }, { is: "Head 5.0" }],
  ...[
    ...[
      "SINUS",
      "CT ORBITS",
      "Temporal bones",
      "Facial bones 1.0",
      "Carotids",
      "NECK",
      "IAC",
      "CBCT",
      "Dental",
      "MAXILLA",
    ],
    ...["peñascos", "senos paranasales", "macizo facial", "rochers", "massif facial", "sinus", "TSA", "orbites"],
    ...[
      "Innenohr",
      "Mittelgesicht",
      "Felsenbein",
      "NNH",
      "Hals",
      "DVT",
      "seni paranasali",
      "rocche petrose",
      "massiccio",
    ],
    ...["seios da face", "mastoides", "rotsbeen", "neusbijholten", "副鼻腔", "鼻窦", "颞骨", "пазухи носа", "пирамиды"],
    ...["λιθοειδή", "PET whole body", "Ganzkörper", "corps entier", "TAP", "thorax", "HWS", "rachis cervical"],
  ].map((is): Row => [`body part HEAD, but ${is}`, "no-head", { is }]),
];

const NOT_READ: Row[] = [
  ["no series", "study-empty"],
  ["MR", "no-ct", { is: "T1", modality: "MR" }],
  ["a report", "no-ct", { is: "SR", modality: "SR", sopClassUid: "1.2.840.10008.5.1.4.1.1.88.33" }],
  ["a secondary capture", "derived-only", { is: "result", sopClassUid: "1.2.840.10008.5.1.4.1.1.7" }],
  ["a parametric map", "derived-only", { is: "result", sopClassUid: "1.2.840.10008.5.1.4.1.1.30" }],
  ["a localizer by image type", "no-axial", { is: "x", type: "ORIGINAL\\PRIMARY\\LOCALIZER", slices: 2 }],
  ...["Scout", "Topogram", "Surview", "定位像"].map((is): Row => [`${is} in an axial pose`, "no-axial", { is }]),
  ["sagittal", "no-axial", { is: "Head sag", imageOrientation: SAGITTAL }],
  ...["MIP axial", "tMIP", "CTA MIP", "VRT 3D", "MinIP", "curved"].map((is): Row => [is, "derived-only", { is }]),
  ...["Dose Report", "Patient Protocol", "Screen Save", "Informe de dosis", "Dosisbericht"].map(
    (is): Row => [is, "derived-only", { is, slices: 1 }],
  ),
  ["an iodine map", "derived-only", { is: "Head Iodine" }],
  ["seven slices", "too-few-slices", { is: "Head", slices: 7 }],
  ["no positions", "geometry-unusable", { is: "Head", imagePositionMm: null }],
  ["2001 slices", "geometry-unusable", { is: "Head", mm: 0.1, slices: 2001 }],
  ["all in one place", "geometry-unusable", { is: "Head", imagePositionMm: [0, 0, 0] }],
  ...["Smart Prep", "Bolus Tracking", "PreMonitoring", "Monitoring", "Test Bolus"].map(
    (is): Row => [is, "contrast-only", { is, slices: 12 }],
  ),
  ...["CT Fluoro", "Biopsy", "i-Fluoro", "CAREVision", "Punktion"].map((is): Row => [is, "no-head", { is }]),
  ["the furthest: no head before a localizer", "no-head", { is: "Chest" }, { is: "Topogram" }],
  ["the furthest: no head though with an agent", "no-head", { is: "Chest", agent: "Iopamidol" }],
  ["the furthest: contrast before a localizer", "contrast-only", { is: "CTA" }, { is: "Topogram" }],
  ["the furthest: bone before contrast", "bone-kernel-only", bone("Head", "H70h"), { is: "CTA" }],
];

const SECOND_BEST: Row[] = [
  ["low dose is no dose report", "Head LOW DOSE", { is: "Head LOW DOSE" }],
  ["a lossy copy that calls itself derived", "copy", { is: "copy", type: "DERIVED\\PRIMARY\\AXIAL" }],
  ["a lone axial reformat", "MPR ax 5mm", { is: "MPR ax 5mm", type: "DERIVED\\SECONDARY\\REFORMATTED" }],
  ["a reformat behind thin originals", "thin", { is: "thin", ...THIN }, { ...SOFT, type: "DERIVED\\SECONDARY\\MPR" }],
  ["80 kV behind mixed", "Head DE F_0.5", { is: "Head DE 80kV", kvp: 80 }, { is: "Head DE F_0.5", ...THIN, kvp: null }],
  ["Sn140 kV behind mixed", "Head F", { is: "Head Sn140kV" }, { is: "Head F", ...THIN }],
  ["keV behind plain", "Head 120", { is: "MonoE 40 keV" }, { is: "Head 120", ...THIN }],
  ["VNC behind plain of another scan", "Head", { is: "VNC Head", at: "101000" }, { is: "Head", at: "100000", ...THIN }],
  ["lone VNC, though an agent is named", "VNC", { is: "VNC", agent: "Imeron 350" }],
  ["lone 80 kV of a child", "5.0", { is: "5.0", kvp: 80, patientAge: "002Y" }],
];

describe("of a study is read", () => {
  for (const rows of [KERNELS, THICKNESS_AND_EXTENT, REGION, NOT_READ, SECOND_BEST]) {
    for (const [name, expected, ...series] of rows) {
      test(`${name}: ${expected}`, () => assert.equal(choice(...series), expected));
    }
  }
});
