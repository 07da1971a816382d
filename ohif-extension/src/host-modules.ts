/**
 * Hands out modules of OHIF's own bundle that OHIF does not offer: pushing a chunk with a runtime callback is how every
 * rspack/webpack bundle hands over its `require`.
 */

interface HostRequire {
  (id: string): unknown;
  /** All module factories by id. */
  m: Record<string, (...args: never[]) => void>;
}

type Chunk = [ids: symbol[], modules: object, runtime: (require: HostRequire) => void];

declare global {
  var rspackChunk: { push(chunk: Chunk): unknown } | undefined;
}

function hostRequire(): HostRequire {
  let found: HostRequire | undefined;
  globalThis.rspackChunk?.push([
    [Symbol("vigil")],
    {},
    (require) => {
      found = require;
    },
  ]);
  if (found === undefined) throw new Error("Vigil's extension runs inside OHIF 3.13 only: no OHIF bundle is loaded");
  return found;
}

/**
 * The first module whose source has the sign in it and whose exports are what is looked for; undefined when there is none.
 * @param maxLength of its source in characters: longer ones are not worth reading
 */
export function findHostModule<Exports>(
  sign: RegExp,
  maxLength: number,
  isWanted: (exports: unknown) => exports is Exports,
): Exports | undefined {
  const require = hostRequire();
  for (const [id, factory] of Object.entries(require.m)) {
    const source = Function.prototype.toString.call(factory);
    if (source.length > maxLength || !sign.test(source)) continue;
    const candidate = require(id);
    if (isWanted(candidate)) return candidate;
  }
  return undefined;
}
