import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import request, { type Response, type Test } from "supertest";
import { type ReadyLine, type RunningVigil, startVigil } from "../../src/app.ts";
import { type Config, configSchema, type PacsConfig } from "../../src/config.ts";
import { type StudyResource, studyResourceSchema } from "../../src/contract/study.ts";
import { createLogger } from "../../src/log.ts";
import { ApiContract } from "./api-contract.ts";
import { waitUntil } from "./wait.ts";

export const HOOK_SECRET = "a secret of the tests";
const PATIENCE = { timeoutMs: 60_000 };

export interface TestApiOptions {
  /** `all` also watches the PACS and scores. */
  role?: "all" | "api";
  pacs?: PacsConfig[];
  hookSecret?: string | undefined;
  server?: Partial<Config["server"]>;
}

export interface RequestParts {
  headers?: Record<string, string>;
  /** Sent as JSON; a text is sent as it is. */
  body?: string | object;
}

/** The service with a new embedded database, on a free port. */
export class TestApi {
  readonly contract: ApiContract;
  readonly #vigil: RunningVigil;
  readonly #dir: string;

  private constructor(vigil: RunningVigil, dir: string, contract: ApiContract) {
    this.#vigil = vigil;
    this.#dir = dir;
    this.contract = contract;
  }

  static async start({ role = "api", pacs = [], hookSecret, server }: TestApiOptions = {}): Promise<TestApi> {
    const dir = mkdtempSync(path.join(tmpdir(), "vigil-api-"));
    const config = configSchema.parse({
      pacs,
      server: { port: 0, hookSecret, ...server },
      data: { dir },
      triage: { stableS: 1 },
    });
    const vigil = await startVigil({ config, role, logger: createLogger("debug", { dest: path.join(dir, "log") }) });
    const { body } = await request(vigil.url).get("/api/openapi.json").set("host", "localhost");
    return new TestApi(vigil, dir, new ApiContract(body));
  }

  get url(): string {
    return this.#vigil.url;
  }

  /** The line that `vigil serve` prints. */
  get ready(): ReadyLine {
    return this.#vigil.ready;
  }

  /** What has been logged. */
  get log(): string {
    return readFileSync(path.join(this.#dir, "log"), "utf8");
  }

  /** Sends any request. */
  send(method: "get" | "head" | "options" | "post" | "put" | "delete", path: string, parts: RequestParts = {}): Test {
    const sent = request(this.url)
      [method](path)
      .set(parts.headers ?? {});
    if (typeof parts.body === "string" && parts.headers?.["content-type"] === undefined) sent.type("json");
    return parts.body === undefined ? sent : sent.send(parts.body);
  }

  /** Sends a request of the API, and checks that the answer is one that its OpenAPI document describes. */
  async call(method: "get" | "post" | "put" | "delete", path: string, parts: RequestParts = {}): Promise<Response> {
    const response = await this.send(method, path, parts);
    this.contract.assertKept(method, path.replace(/\?.*/, ""), {
      status: response.status,
      contentType: response.type,
      body: response.body,
    });
    return response;
  }

  /** Waits until a study is as it should be. */
  until(studyInstanceUid: string, isSo: (study: StudyResource) => boolean): Promise<StudyResource> {
    let last: unknown;
    const look = async () => {
      const { status, body } = await this.send("get", `/api/studies/${studyInstanceUid}`);
      last = body.events ?? body;
      return status === 200 && isSo(studyResourceSchema.parse(body)) && (body as StudyResource);
    };
    return waitUntil(`study ${studyInstanceUid}`, look, { ...PATIENCE, seen: () => last });
  }

  /** Waits until the log says so. */
  async untilLogged(text: string): Promise<void> {
    await waitUntil(`"${text}" in the log`, () => this.log.includes(text), PATIENCE);
  }

  async stop(): Promise<void> {
    await this.#vigil.stop();
    rmSync(this.#dir, { recursive: true });
  }
}
