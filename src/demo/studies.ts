import type { Flag, StudyState } from "../contract/study-state.ts";
import { derivedUid } from "../dicom/derived-uid.ts";
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
  /** null: whatever comes of it. */
  expected: { state: StudyState; flags: Flag[] } | null;
  /**
   * How it comes to the PACS: whole; image after image, so that it is not complete; or so, and deleted there as soon as
   * Vigil knows of it.
   */
  course: "whole" | "arriving" | "deleted";
  /** DICOM files, in portions that fit into memory. */
  portions(): Iterable<Uint8Array[]> | AsyncIterable<Uint8Array[]>;
}

export interface DemoStudiesOptions {
  /** Use the generated head even where the real one can be had. */
  phantom: boolean;
  cacheDir: string;
  log: (line: string) => void;
}

/** A head as it is scanned, and in the slices that are read. */
interface Head {
  volume: HuVolume;
  slabs: HuVolume;
}

/** Where its haemorrhage is to be drawn, and how many of its slices make one of the series. */
interface HeadSource {
  volume: HuVolume;
  bleed: Bleed;
  slicesPerSlab: number;
}

type Identity = Pick<
  CtSeriesOptions,
  "studyKey" | "patientName" | "patientId" | "accessionNumber" | "studyDescription"
>;

/** Six patients, a study in each state that a study can be in, with the same UIDs in every run. */
export async function demoStudies(options: DemoStudiesOptions): Promise<DemoStudy[]> {
  const { volume, bleed, slicesPerSlab } = await chooseHead(options);
  const scan = (scanned: HuVolume): Head => ({ volume: scanned, slabs: averageSlabs(scanned, slicesPerSlab) });
  const head = scan(volume);
  const bleedingHead = scan(withBleed(volume, bleed));
  const plain = identity(1, "demo head", "Lindström^Åsa", "CT head");
  const bleeding = identity(2, "demo haemorrhage", "Παπαδόπουλος^Νίκος", "CT head, SYNTHETIC HAEMORRHAGE");
  const chest = identity(3, "demo chest", "Okafor^Chidi", "CT chest");
  const gap = identity(4, "demo slices missing", "Nguyễn^Thị Lan", "CT head, SLICES MISSING");
  const deleted = identity(5, "demo deleted", "Škvorecká^Zdeňka", "CT head, DELETED FROM THE PACS");
  const arriving = identity(6, "demo arriving", "O'Brien^Conor", "CT head, STILL ARRIVING");
  return [
    // The real head is not a healthy one (an old defect), and the phantom not a real one: "undetermined" is fair.
    whole(headSeries(head, plain), plain, { state: "reported", flags: ["negative", "undetermined"] }),
    whole(headSeries(bleedingHead, bleeding), bleeding, { state: "reported", flags: ["critical"] }),
    whole([chestSeries(chest)], chest, { state: "not-analysed", flags: ["not-analysed"] }),
    whole([withGap(softTissueSeries(head.slabs, gap))], gap, { state: "reported", flags: ["undetermined"] }),
    {
      ...whole([softTissueSeries(head.slabs, deleted)], deleted, { state: "failed", flags: ["not-analysed"] }),
      course: "deleted",
    },
    {
      studyInstanceUid: derivedUid("study", arriving.studyKey),
      description: arriving.studyDescription,
      expected: { state: "waiting", flags: ["pending"] },
      course: "arriving",
      portions: () => manyReconstructions(head.slabs, arriving),
    },
  ];
}

function identity(number: number, studyKey: string, patientName: string, studyDescription: string): Identity {
  return { studyKey, patientName, patientId: `DEMO-${number}`, accessionNumber: `DEMO-A${number}`, studyDescription };
}

function whole(series: CtSeries[], { studyDescription }: Identity, expected: DemoStudy["expected"]): DemoStudy {
  return {
    studyInstanceUid: series[0]!.studyInstanceUid,
    description: studyDescription,
    expected,
    course: "whole",
    portions: () => series.map(filesOf),
  };
}

function filesOf({ instances }: CtSeries): Uint8Array[] {
  return instances.map(({ bytes }) => bytes);
}

/** Three slices from the middle of the head did not arrive: nobody knows what they would show. */
function withGap(series: CtSeries): CtSeries {
  const middle = Math.floor(series.instances.length / 2);
  return { ...series, instances: series.instances.filter((_, slice) => Math.abs(slice - middle) > 1) };
}

/** Enough images to be on their way for minutes; each series is made when it is its turn. */
function* manyReconstructions(slabs: HuVolume, identity: Identity): Generator<Uint8Array[]> {
  for (const kernel of [
    "H31s",
    "H10s",
    "H20s",
    "H22s",
    "H30s",
    "H32s",
    "H37s",
    "H40s",
    "H41s",
    "H45s",
    "H48s",
    "H50s",
  ]) {
    yield filesOf(softTissueSeries(slabs, identity, kernel));
  }
}

async function chooseHead({ phantom, cacheDir, log }: DemoStudiesOptions): Promise<HeadSource> {
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
function headSeries({ volume, slabs }: Head, identity: Identity): CtSeries[] {
  return [
    localizerSeries(volume, identity),
    softTissueSeries(slabs, identity),
    ctSeries(boneKernel(slabs), {
      ...identity,
      seriesKey: "bone",
      seriesDescription: `Bone ${slabs.sliceSpacingMm.toFixed(1)} H60s`,
      convolutionKernel: "H60s",
      attributes: { SeriesNumber: 3, WindowCenter: "600", WindowWidth: "2500" },
    }),
  ];
}

function softTissueSeries(slabs: HuVolume, identity: Identity, convolutionKernel = "H31s"): CtSeries {
  return ctSeries(slabs, {
    ...identity,
    seriesKey: convolutionKernel === "H31s" ? "axial" : convolutionKernel,
    seriesDescription: `Head ${slabs.sliceSpacingMm.toFixed(1)} ${convolutionKernel}`,
    convolutionKernel,
  });
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
