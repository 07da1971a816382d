import { findHostModule } from "./host-modules.ts";

/**
 * Stands in for the `react` package: hands out the copy of React that OHIF itself runs on, because hooks only work
 * inside the renderer's own copy. OHIF does not offer it before it renders, so it is taken out of OHIF's bundle.
 */
type HostReact = typeof import("react");

/** React's production build is one module of 10 KB. */
const REACT_MAX_LENGTH = 40_000;

function isReact(candidate: unknown): candidate is HostReact {
  const react = candidate as Partial<HostReact> | undefined;
  return typeof react?.createElement === "function" && typeof react.useSyncExternalStore === "function";
}

const react = findHostModule(/exports\.useSyncExternalStore\s*=\s*function/, REACT_MAX_LENGTH, isReact);
if (react === undefined) {
  throw new Error("Vigil's extension did not find React in this version of OHIF; it is made for OHIF 3.13");
}

export default react;
export const { createElement, Fragment, useEffect, useMemo, useRef, useState, useSyncExternalStore } = react;
