/**
 * Stands in for the `react` package: hands out the copy of React that OHIF itself runs on, because hooks only work
 * inside the renderer's own copy. OHIF does not offer it before it renders, so it is taken out of OHIF's bundle:
 * pushing a chunk with a runtime callback is how every rspack/webpack bundle hands over its `require`.
 */
type HostReact = typeof import("react");

interface HostRequire {
  (id: string): unknown;
  /** All module factories by id. */
  m: Record<string, (...args: never[]) => void>;
}

type Chunk = [ids: symbol[], modules: object, runtime: (require: HostRequire) => void];

declare global {
  var rspackChunk: { push(chunk: Chunk): unknown } | undefined;
}

/** React's production build is one module of 10 KB; bigger modules are not worth reading. */
const REACT_MAX_LENGTH = 40_000;

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

function isReact(candidate: unknown): candidate is HostReact {
  const react = candidate as Partial<HostReact> | undefined;
  return typeof react?.createElement === "function" && typeof react.useSyncExternalStore === "function";
}

function findReact(require: HostRequire): HostReact {
  for (const [id, factory] of Object.entries(require.m)) {
    const source = Function.prototype.toString.call(factory);
    if (source.length > REACT_MAX_LENGTH || !/exports\.useSyncExternalStore\s*=\s*function/.test(source)) continue;
    const candidate = require(id);
    if (isReact(candidate)) return candidate;
  }
  throw new Error("Vigil's extension did not find React in this version of OHIF; it is made for OHIF 3.13");
}

const react = findReact(hostRequire());

export default react;
export const { createElement, Fragment, useEffect, useMemo, useRef, useState, useSyncExternalStore } = react;
