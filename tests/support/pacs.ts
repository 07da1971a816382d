import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { configSchema, type PacsConfig } from "../../src/config.ts";
import { Pacs } from "../../src/dicomweb/pacs.ts";
import {
  findOrthancProgram,
  type OrthancInstallation,
  type RunningOrthanc,
  startOrthanc,
} from "../../src/setup/orthanc.ts";
import { freePort } from "../../src/setup/ports.ts";

const SR_MODALITY = "SR";

export interface TestPacsOptions {
  stableAgeS?: number;
  hook?: { url: string; secret: string };
  /** With the GDCM plugin, which decodes before Orthanc itself does: as Debian and the container image set it up. */
  gdcm?: boolean;
}

function withGdcm(): OrthancInstallation {
  const found = findOrthancProgram();
  if (found === undefined || !("plugins" in found)) throw new Error("this test needs Debian's Orthanc");
  return { ...found, plugins: [...found.plugins, "/usr/share/orthanc/plugins/libOrthancGdcm.so"] };
}

/** A real Orthanc in a temporary folder, which can be stopped and started again with all it holds. */
export class TestPacs {
  readonly #dir: string;
  readonly #httpPort: number;
  readonly #options: TestPacsOptions;
  #orthanc: RunningOrthanc | undefined;

  private constructor(httpPort: number, options: TestPacsOptions) {
    this.#dir = mkdtempSync(path.join(tmpdir(), "vigil-orthanc-"));
    this.#httpPort = httpPort;
    this.#options = options;
  }

  /** A PACS that has its address but does not run yet. */
  static async prepare(options: TestPacsOptions = {}): Promise<TestPacs> {
    return new TestPacs(await freePort(), options);
  }

  static async start(options: TestPacsOptions = {}): Promise<TestPacs> {
    const pacs = await TestPacs.prepare(options);
    await pacs.start();
    return pacs;
  }

  async start(): Promise<void> {
    const { gdcm, ...options } = this.#options;
    this.#orthanc = await startOrthanc({
      dir: this.#dir,
      httpPort: this.#httpPort,
      stableAgeS: 1,
      ...options,
      ...(gdcm && { installation: withGdcm() }),
    });
  }

  /** Whether Orthanc has not ended by itself. */
  isRunning(): boolean {
    try {
      return this.#orthanc !== undefined && process.kill(this.#orthanc.pid, 0);
    } catch {
      return false;
    }
  }

  /** Ends Orthanc and keeps what it holds. */
  async stop(signal?: NodeJS.Signals): Promise<void> {
    await this.#orthanc?.stop(signal);
    this.#orthanc = undefined;
  }

  /** Throws away what Orthanc holds; it must be stopped. */
  wipe(): void {
    rmSync(path.join(this.#dir, "storage"), { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.stop("SIGKILL");
    rmSync(this.#dir, { recursive: true, force: true });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#httpPort}`;
  }

  /** Settings that make Vigil find things within a second. */
  config(changes: Partial<PacsConfig> = {}): PacsConfig {
    const settings = {
      dicomweb: `${this.url}/dicom-web`,
      orthanc: this.url,
      pollS: 0.5,
      changesPollS: 0.2,
      timeoutS: 10,
    };
    return configSchema.parse({ pacs: [{ ...settings, ...changes }] }).pacs[0]!;
  }

  client(): Pacs {
    return new Pacs(this.config());
  }

  /** Sends files the way a modality's gateway would. */
  async send(files: Uint8Array[]): Promise<void> {
    for (const file of files) {
      const answer = await fetch(`${this.url}/instances`, { method: "POST", body: new Uint8Array(file) });
      if (!answer.ok) throw new Error(`Orthanc did not take a file: ${answer.status}`);
    }
  }

  /** The structured reports of a study that Orthanc holds, as data sets of DICOM JSON. */
  async reports(studyInstanceUid: string): Promise<Record<string, { Value?: unknown[] }>[]> {
    const study = `${this.url}/dicom-web/studies/${studyInstanceUid}`;
    const answer = await fetch(`${study}/series?Modality=${SR_MODALITY}`);
    const series = (await answer.json()) as Record<string, { Value: [string] }>[];
    const reports = [];
    for (const one of series) {
      const metadata = await fetch(`${study}/series/${one["0020000E"]!.Value[0]}/metadata`);
      reports.push(...((await metadata.json()) as Record<string, { Value?: unknown[] }>[]));
    }
    return reports;
  }

  /** The Part 10 file of an instance as Orthanc keeps it. */
  async storedFile(sopInstanceUid: string): Promise<Buffer> {
    const query = { Level: "Instance", Query: { SOPInstanceUID: sopInstanceUid } };
    const found = await fetch(`${this.url}/tools/find`, { method: "POST", body: JSON.stringify(query) });
    const [id] = (await found.json()) as string[];
    const file = await fetch(`${this.url}/instances/${id}/file`);
    return Buffer.from(await file.arrayBuffer());
  }
}
