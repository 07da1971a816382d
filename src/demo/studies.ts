import type { Flag, StudyState } from "../contract/study-state.ts";
import { toVigilError } from "../errors.ts";
import { type CtSeries, type CtSeriesOptions, ctSeries } from "../phantom/ct-series.ts";
import { averageSlabs, type Bleed, type HuVolume, withBleed } from "../phantom/hu-volume.ts";
import { chestPhantom, headPhantom, PHANTOM_BLEED } from "../phantom/phantoms.ts";
import { boneKernel, frontalProjection } from "../phantom/reconstruction.ts";
import { CRANIUM_BLEED, craniumVolume } from "./invesalius.ts";

/** A study that the demo sends to the PACS, and what must become of it. */
export interface DemoStudy {
  studyInstanceUid: string;
  /** The study description. */
  description: string;
  expected: { state: StudyState; flags: Flag[] };
  series: CtSeries[];
}

export interface DemoStudiesOptions {
  /** Use the generated head even where the real one can be had. */
  phantom: boolean;
  cacheDir: string;
  log: (line: string) => void;
}

/** A head, where to draw a haemorrhage into it, and how many of its slices make one of the series. */
interface Head {
  volume: HuVolume;
  bleed: Bleed;
  slicesPerSlab: number;
}

type Identity = Pick<
  CtSeriesOptions,
  "studyKey" | "patientName" | "patientId" | "accessionNumber" | "studyDescription"
>;

/** A head, the same head with a haemorrhage, and a chest: three patients, with the same UIDs in every run. */
export async function demoStudies(options: DemoStudiesOptions): Promise<DemoStudy[]> {
  const head = await chooseHead(options);
  const bleedingHead = { ...head, volume: withBleed(head.volume, head.bleed) };
  const plain: Identity = {
    studyKey: "demo head",
    patientName: "Lindström^Åsa",
    patientId: "DEMO-1",
    accessionNumber: "DEMO-A1",
    studyDescription: "CT head",
  };
  const bleeding: Identity = {
    studyKey: "demo haemorrhage",
    patientName: "Παπαδόπουλος^Νίκος",
    patientId: "DEMO-2",
    accessionNumber: "DEMO-A2",
    studyDescription: "CT head, SYNTHETIC HAEMORRHAGE",
  };
  const chest: Identity = {
    studyKey: "demo chest",
    patientName: "Okafor^Chidi",
    patientId: "DEMO-3",
    accessionNumber: "DEMO-A3",
    studyDescription: "CT chest",
  };
  return [
    // The real head is not a healthy one (an old defect), and the phantom not a real one: "undetermined" is fair.
    demoStudy(headSeries(head, plain), plain, { state: "reported", flags: ["negative", "undetermined"] }),
    demoStudy(headSeries(bleedingHead, bleeding), bleeding, { state: "reported", flags: ["critical"] }),
    demoStudy([chestSeries(chest)], chest, { state: "not-analysed", flags: ["not-analysed"] }),
  ];
}

function demoStudy(series: CtSeries[], identity: Identity, expected: DemoStudy["expected"]): DemoStudy {
  return {
    studyInstanceUid: series[0]!.studyInstanceUid,
    description: identity.studyDescription,
    expected,
    series,
  };
}

async function chooseHead({ phantom, cacheDir, log }: DemoStudiesOptions): Promise<Head> {
  if (!phantom) {
    try {
      // Four slices of 1.5 mm make one of 6 mm: heads are commonly read in slices of 4 to 6 mm.
      return { volume: await craniumVolume(cacheDir), bleed: CRANIUM_BLEED, slicesPerSlab: 4 };
    } catch (error) {
      log(`the real head CT cannot be had, a generated one takes its place: ${toVigilError(error).message}`);
    }
  }
  return { volume: headPhantom(), bleed: PHANTOM_BLEED, slicesPerSlab: 1 };
}

/** As scanners send a head: a localizer, the slices to read, and the same slices with a bone kernel. */
function headSeries({ volume, slicesPerSlab }: Head, identity: Identity): CtSeries[] {
  const slabs = averageSlabs(volume, slicesPerSlab);
  const thicknessMm = slabs.sliceSpacingMm.toFixed(1);
  return [
    localizerSeries(volume, identity),
    ctSeries(slabs, { ...identity, seriesDescription: `Head ${thicknessMm} H31s` }),
    ctSeries(boneKernel(slabs), {
      ...identity,
      seriesKey: "bone",
      seriesDescription: `Bone ${thicknessMm} H60s`,
      convolutionKernel: "H60s",
      attributes: { SeriesNumber: 3, WindowCenter: "600", WindowWidth: "2500" },
    }),
  ];
}

function localizerSeries(volume: HuVolume, identity: Identity): CtSeries {
  const { pixelSpacingMm, sliceSpacingMm, columns, slices } = volume;
  const left = (-(columns - 1) / 2) * pixelSpacingMm;
  const top = (slices - 1) * sliceSpacingMm;
  return ctSeries(frontalProjection(volume), {
    ...identity,
    seriesKey: "localizer",
    seriesDescription: "Topogram",
    convolutionKernel: "T20s",
    attributes: {
      SeriesNumber: 1,
      ImageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"],
      ImageOrientationPatient: [1, 0, 0, 0, 0, -1],
      ImagePositionPatient: [left, 0, top].map((mm) => Number(mm.toFixed(3))),
      PixelSpacing: [sliceSpacingMm, pixelSpacingMm],
      WindowCenter: "-400",
      WindowWidth: "1200",
    },
  });
}

function chestSeries(identity: Identity): CtSeries {
  return ctSeries(chestPhantom(), {
    ...identity,
    seriesDescription: "Chest 5.0 B31f",
    convolutionKernel: "B31f",
    bodyPart: "CHEST",
  });
}
