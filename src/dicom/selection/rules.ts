import { SOP_CLASS } from "../uids.ts";
import { atLeast, images as count, type Exclusion, type Merit, mm, naming, said, within } from "./rule.ts";
import * as words from "./words.ts";

export type { SelectionSettings } from "./rule.ts";

/** CT, Enhanced CT and Legacy Converted Enhanced CT Image Storage. All that Vigil writes is of another class. */
const CT_IMAGE_CLASSES = new Set<string>([
  SOP_CLASS.ctImage,
  SOP_CLASS.enhancedCtImage,
  SOP_CLASS.legacyConvertedEnhancedCtImage,
]);

/** Below, part or all of a head was scanned again; above, the images of a place watch something change. */
const MAX_REPEATED_SHARE = 0.7;
const PERFUSION_IMAGES_PER_PLACE = 4;
const MAX_BODY_COVERAGE_MM = 350;
const MAX_HEAD_COVERAGE_MM = 220;
const MIN_FIELD_OF_VIEW_MM = 110;
const WIDE_FIELD_OF_VIEW_MM = 400;
const LOW_KVP = 90;
const CONE_BEAM_MAKERS =
  /planmeca|sirona|morita|kavo|newtom|vatech|i-?cat|imaging sciences|instrumentarium|owandy|acteon|soredex|myray|cefla|genoray/i;
const MONOENERGETIC = /\d[ _]?keV\b|(?<![a-z])mono(?:energetic|e|\+)?(?![a-z])/i;
const HALF_OF_DUAL_ENERGY = /(?<![a-z\d])(?:[78]0|Sn ?1\d0)[ _]?kV/i;

/** Share of the images that lie where another one lies already. */
const repeatedShare = (images: number, places: number) => (places === 0 ? 0 : 1 - places / images);

/**
 * In order from the most general to the most particular: a study in which nothing can be read takes the reason of the
 * series that came furthest. The merits stand below.
 */
export const RULES: (Exclusion | Merit)[] = [
  {
    excludes: "no-ct",
    applies: ({ header }) =>
      header.modality === "CT" ? undefined : `modality is ${header.modality || "missing"}, not CT`,
  },
  {
    // Files without the class are CT by their modality: RSNA's have none.
    excludes: "derived-only",
    applies: ({ header }) =>
      header.sopClassUid === "" || CT_IMAGE_CLASSES.has(header.sopClassUid) ? undefined : "not stored as CT images",
  },
  {
    excludes: "derived-only",
    applies: (series) => said("dose report or screen capture", naming(series, words.namesCapture)),
  },
  { excludes: "no-axial", applies: (series) => said("localizer", naming(series, words.namesLocalizer)) },
  {
    excludes: "derived-only",
    applies: (series) => said("projection or rendering", naming(series, words.namesProjection)),
  },
  {
    excludes: "derived-only",
    applies: (series) => said("material map without HU", naming(series, words.namesIodineMap)),
  },
  {
    excludes: "no-head",
    applies: ({ header }) =>
      CONE_BEAM_MAKERS.test(header.manufacturer) ? `dental cone beam CT (${header.manufacturer.trim()})` : undefined,
  },
  {
    excludes: "no-head",
    applies: (series) => said("CT that guides a needle", naming(series, words.namesIntervention)),
  },
  {
    excludes: "contrast-only",
    applies: (series) => said("watches the contrast agent arrive", naming(series, words.namesBolusTiming)),
  },
  {
    excludes: "geometry-unusable",
    losesHead: true,
    applies: ({ plane }) => (plane === "unknown" ? "images without position or orientation" : undefined),
  },
  {
    excludes: "geometry-unusable",
    losesHead: true,
    applies: ({ plane, axialImages, images, setAside }, { minSlices }) =>
      plane === "other" && axialImages >= minSlices
        ? `mixed planes: only ${axialImages} of ${images + setAside} images are axial`
        : undefined,
  },
  { excludes: "no-axial", applies: ({ plane }) => (plane === "other" ? "not axial" : undefined) },
  {
    excludes: "too-few-slices",
    losesHead: true,
    applies: ({ images }, { minSlices }) =>
      images < minSlices ? `${count(images)} (fewer than ${minSlices})` : undefined,
  },
  {
    excludes: "geometry-unusable",
    losesHead: true,
    applies: ({ images }, { maxSlices }) =>
      images > maxSlices ? `${count(images)} (more than ${maxSlices})` : undefined,
  },
  {
    excludes: "no-head",
    applies: ({ region: { region, from } }) => {
      if (region === "head") return undefined;
      return region === "other" ? `not the head by its ${from}` : "nothing says that this is a head";
    },
  },
  {
    excludes: "no-head",
    applies: ({ coverageMm }) =>
      atLeast(coverageMm, MAX_BODY_COVERAGE_MM) ? `covers ${coverageMm.toFixed(0)} mm: a body, not a head` : undefined,
  },
  {
    excludes: "no-head",
    applies: ({ fieldOfViewMm }) =>
      within(fieldOfViewMm, 0, MIN_FIELD_OF_VIEW_MM)
        ? `field of view of ${fieldOfViewMm.toFixed(0)} mm: an enlarged detail`
        : undefined,
  },
  {
    excludes: "contrast-only",
    applies: ({ contrast: { given, from }, header }) => {
      if (given !== true) return undefined;
      return from === "agent" ? `with contrast (${header.contrastBolusAgent.trim()})` : `with contrast by its ${from}`;
    },
  },
  {
    excludes: "contrast-only",
    applies: ({ images, places }) =>
      places > 1 && images / places >= PERFUSION_IMAGES_PER_PLACE
        ? `${Math.round(images / places)} images in each place: perfusion`
        : undefined,
  },
  {
    // Also where it is the only one: its noise and overshoot hide and imitate blood, and no model here has learnt on it.
    excludes: "bone-kernel-only",
    losesHead: true,
    applies: ({ kernel, header }) => (kernel === "bone" ? `bone kernel ${header.convolutionKernel}`.trim() : undefined),
  },
  {
    excludes: "geometry-unusable",
    losesHead: true,
    applies: ({ images, places }) =>
      repeatedShare(images, places) > MAX_REPEATED_SHARE ? "many images in the same place (phases?)" : undefined,
  },

  {
    points: -60,
    lastResort: true,
    applies: (series) =>
      said("computed from a contrast scan (virtual non-contrast)", naming(series, words.namesVirtualNative)),
  },
  {
    points: -60,
    lastResort: true,
    applies: ({ contrast, header }) =>
      contrast.suspected ? `may be with contrast: the protocol is "${header.protocolName.trim()}"` : undefined,
  },
  {
    points: -60,
    applies: (series) => said("reformatted", naming(series, words.namesReformat)),
  },
  {
    points: -40,
    applies: (series) =>
      said(
        "monoenergetic image",
        naming(series, (text) => MONOENERGETIC.test(text)),
      ),
  },
  {
    points: -40,
    applies: ({ header }) => {
      const low = header.kvp !== null && header.kvp > 0 && header.kvp <= LOW_KVP ? `${header.kvp} kV` : undefined;
      const energy = low ?? HALF_OF_DUAL_ENERGY.exec(header.seriesDescription)?.[0];
      return energy && `low energy or half of a dual-energy scan (${energy})`;
    },
  },
  {
    points: 30,
    applies: ({ kernel, header }) =>
      kernel === "soft" ? `soft-tissue kernel ${header.convolutionKernel || "by its description"}` : undefined,
  },
  {
    points: -40,
    applies: ({ images, places }) =>
      repeatedShare(images, places) > 0
        ? `${images - places} of ${images} images lie where another one lies`
        : undefined,
  },
  {
    points: -30,
    applies: ({ gapMm }) => (gapMm === null ? undefined : `slices missing: a step of ${mm(gapMm)}`),
  },
  {
    points: 20,
    applies: ({ thicknessMm }, { preferredThicknessMm: [from, to] }) =>
      thicknessMm !== null && thicknessMm >= from && thicknessMm <= to
        ? `thickness ${mm(thicknessMm)} (within ${from}-${to} mm)`
        : undefined,
  },
  {
    points: -10,
    applies: ({ thicknessMm }, { preferredThicknessMm: [, to] }) =>
      thicknessMm !== null && thicknessMm > to ? `thickness ${mm(thicknessMm)} (above ${to} mm)` : undefined,
  },
  {
    points: 0,
    applies: ({ thicknessMm }, { preferredThicknessMm: [from] }) =>
      thicknessMm !== null && thicknessMm < from ? `thickness ${mm(thicknessMm)} (below ${from} mm)` : undefined,
  },
  {
    points: 20,
    applies: ({ coverageMm, wholeHeadMm }) =>
      within(coverageMm, wholeHeadMm, MAX_HEAD_COVERAGE_MM) ? `covers ${coverageMm.toFixed(0)} mm` : undefined,
  },
  {
    points: -15,
    applies: ({ coverageMm }) =>
      within(coverageMm, MAX_HEAD_COVERAGE_MM, MAX_BODY_COVERAGE_MM)
        ? `covers ${coverageMm.toFixed(0)} mm: more than a head`
        : undefined,
  },
  {
    points: -20,
    applies: ({ coverageMm, wholeHeadMm }) =>
      within(coverageMm, 0, wholeHeadMm)
        ? `covers only ${coverageMm.toFixed(0)} mm of at least ${wholeHeadMm}`
        : undefined,
  },
  {
    points: 10,
    applies: ({ region: { from } }) => (from === "field of view" ? undefined : `head by its ${from}`),
  },
  {
    points: 0,
    applies: ({ region: { from } }) => (from === "field of view" ? "head by its field of view" : undefined),
  },
  {
    points: 10,
    applies: ({ contrast: { given, from } }) => (given === false ? `without contrast by its ${from}` : undefined),
  },
  {
    points: 5,
    applies: ({ header }) => (header.imageType[0] === "ORIGINAL" ? "original images" : undefined),
  },
  {
    points: -10,
    applies: ({ fieldOfViewMm }) =>
      atLeast(fieldOfViewMm, WIDE_FIELD_OF_VIEW_MM) ? `wide field of view (${fieldOfViewMm.toFixed(0)} mm)` : undefined,
  },
  {
    points: 0,
    applies: ({ setAside, images }) =>
      setAside === 0 ? undefined : `${setAside} of ${setAside + images} images are of another kind and do not count`,
  },
];
