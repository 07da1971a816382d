import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { VigilError } from "../../errors.ts";
import { broken, type CodedImage } from "./coded-image.ts";

/**
 * The decoders of dcmjs-codecs: the C and C++ libraries compiled to one WebAssembly module (docs/codecs.md). Its
 * JavaScript is left aside: it works on whole data sets and lets warnings about broken data go by.
 */

export type DecoderName = "DecodeJpeg" | "DecodeJpegLs" | "DecodeJpeg2000" | "DecodeHtJpeg2000";

/** What is called of the module; contexts and parameters are pointers. */
interface NativeExports extends Record<DecoderName, (context: number, parameters: number) => void> {
  memory: WebAssembly.Memory;
  _initialize(): void;
  CreateCodecsContext(): number;
  ReleaseCodecsContext(context: number): void;
  SetColumns(context: number, columns: number): void;
  SetRows(context: number, rows: number): void;
  SetBitsAllocated(context: number, bits: number): void;
  SetBitsStored(context: number, bits: number): void;
  SetSamplesPerPixel(context: number, samples: number): void;
  SetPixelRepresentation(context: number, signed: number): void;
  SetPlanarConfiguration(context: number, planar: number): void;
  SetPhotometricInterpretation(context: number, index: number): void;
  SetEncodedBufferSize(context: number, bytes: number): void;
  GetEncodedBuffer(context: number): number;
  GetDecodedBuffer(context: number): number;
  GetDecodedBufferSize(context: number): number;
  CreateDecoderParameters(): number;
  ReleaseDecoderParameters(parameters: number): void;
}

interface NativeDecoder {
  exports: NativeExports;
  /** The first thing that a library said against the bitstream of this call. */
  complaint: string | null;
}

const MONOCHROME2 = 1;
/** An instance starts with 256 MiB of address space. It never shrinks: after a frame that needed more, a new one starts. */
const MAX_KEPT_BYTES = 320 * 1024 * 1024;

let compiled: Promise<WebAssembly.Module> | undefined;
let current: NativeDecoder | undefined;

/**
 * Decodes a bitstream whose header has been checked.
 * @returns rows x columns samples of 8 bits up to a precision of 8, else of 16, little endian
 * @throws VigilError dicom-unreadable; setup-failed when the module cannot be loaded
 */
export async function decodeNatively(name: DecoderName, image: CodedImage): Promise<Uint8Array> {
  const module = await loadModule();
  const decoder = current ?? instantiate(module);
  // Put back only when the call has returned: after a trap the memory of an instance cannot be trusted.
  current = undefined;
  const pixels = run(decoder, name, image);
  if (decoder.exports.memory.buffer.byteLength <= MAX_KEPT_BYTES) current = decoder;
  if (decoder.complaint !== null) throw broken(withoutOrigin(decoder.complaint));
  const wanted = image.rows * image.columns * bytesPerSample(image);
  if (pixels.length !== wanted) throw broken(`${pixels.length} of ${wanted} bytes came out`);
  return pixels;
}

function bytesPerSample({ precision }: CodedImage): number {
  return precision > 8 ? 2 : 1;
}

function loadModule(): Promise<WebAssembly.Module> {
  compiled ??= compile().catch((cause: unknown) => {
    compiled = undefined;
    throw new VigilError("setup-failed", "the image decoders of dcmjs-codecs cannot be loaded; run npm ci", { cause });
  });
  return compiled;
}

async function compile(): Promise<WebAssembly.Module> {
  const file = fileURLToPath(import.meta.resolve("dcmjs-codecs/build/dcmjs-native-codecs.wasm"));
  return WebAssembly.compile(await readFile(file));
}

function run(decoder: NativeDecoder, name: DecoderName, image: CodedImage): Uint8Array {
  const { exports } = decoder;
  decoder.complaint = null;
  try {
    const context = exports.CreateCodecsContext();
    const parameters = exports.CreateDecoderParameters();
    exports.SetColumns(context, image.columns);
    exports.SetRows(context, image.rows);
    exports.SetBitsAllocated(context, bytesPerSample(image) * 8);
    exports.SetBitsStored(context, image.precision);
    exports.SetSamplesPerPixel(context, 1);
    exports.SetPixelRepresentation(context, image.signed ? 1 : 0);
    exports.SetPlanarConfiguration(context, 0);
    exports.SetPhotometricInterpretation(context, MONOCHROME2);
    exports.SetEncodedBufferSize(context, image.bytes.length);
    const encodedAt = exports.GetEncodedBuffer(context);
    new Uint8Array(exports.memory.buffer).set(image.bytes, encodedAt);
    exports[name](context, parameters);
    const decodedAt = exports.GetDecodedBuffer(context);
    const pixels = new Uint8Array(exports.memory.buffer, decodedAt, exports.GetDecodedBufferSize(context)).slice();
    exports.ReleaseDecoderParameters(parameters);
    exports.ReleaseCodecsContext(context);
    return pixels;
  } catch (cause) {
    throw broken(reasonOf(cause), cause);
  }
}

/**
 * The JPEG library fills what is missing with grey and only warns. A few bytes too many at the end are padding; many
 * are the trace of a bitstream that went out of step.
 */
function saysBroken(message: string): boolean {
  const extraneous = /(\d+) extraneous bytes before marker 0xd9/.exec(message);
  if (extraneous !== null) return Number(extraneous[1]) > 3;
  return /Corrupt JPEG data|Premature end|Inconsistent progression|MessageCallbackWarning|ojph (error|warning)/i.test(
    message,
  );
}

function reasonOf(cause: unknown): string {
  // CharLS ends in a trap whatever is wrong.
  if (cause instanceof WebAssembly.RuntimeError) return "the decoder gave up on it";
  return withoutOrigin(cause instanceof Error ? cause.message : String(cause));
}

/** The libraries' messages begin with the class and the function that they come from. */
function withoutOrigin(message: string): string {
  return message.replace(/^.*::/s, "").trim();
}

/** An instance with the little of a system (WASI) that the module asks for; it can reach nothing outside. */
function instantiate(module: WebAssembly.Module): NativeDecoder {
  const view = () => new DataView(decoder.exports.memory.buffer);
  const text = (at: number, length: number) =>
    Buffer.from(decoder.exports.memory.buffer, at, length).toString("latin1");
  const hear = (message: string) => {
    if (saysBroken(message)) decoder.complaint ??= message;
  };
  const instance = new WebAssembly.Instance(module, {
    env: {
      emscripten_notify_memory_growth: () => {},
      onCodecsTrace: () => {},
      onCodecsInfo: (at: number, length: number) => hear(text(at, length)),
      onCodecsException: (at: number, length: number) => {
        throw new Error(text(at, length));
      },
    },
    wasi_snapshot_preview1: {
      environ_get: () => 0,
      environ_sizes_get: (count: number, bytes: number) => {
        view().setUint32(count, 0, true);
        view().setUint32(bytes, 0, true);
        return 0;
      },
      clock_time_get: (_clock: number, _precision: bigint, time: number) => {
        view().setBigUint64(time, 0n, true);
        return 0;
      },
      fd_write: (_file: number, parts: number, count: number, written: number) => {
        let total = 0;
        for (let part = 0; part < count; part++) {
          const length = view().getUint32(parts + 8 * part + 4, true);
          hear(text(view().getUint32(parts + 8 * part, true), length));
          total += length;
        }
        view().setUint32(written, total, true);
        return 0;
      },
      fd_seek: () => 0,
      fd_close: () => 0,
      proc_exit: (code: number) => {
        throw new Error(`the decoder ended with code ${code}`);
      },
    },
  });
  const decoder: NativeDecoder = { exports: instance.exports as unknown as NativeExports, complaint: null };
  decoder.exports._initialize();
  return decoder;
}
