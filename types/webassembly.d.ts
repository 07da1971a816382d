// TypeScript has WebAssembly among the browser's types only. These cover what Vigil calls.
declare namespace WebAssembly {
  class Module {
    private constructor();
  }

  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }

  interface Memory {
    readonly buffer: ArrayBuffer;
  }

  class RuntimeError extends Error {}

  function compile(bytes: Uint8Array): Promise<Module>;
}
