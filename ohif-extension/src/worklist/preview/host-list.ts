import type { ComponentType, ReactNode } from "react";
import { findHostModule } from "../../host-modules.ts";

/** Parts of OHIF's study list that a preview of one's own takes the place of, with the ways out of it. */
export interface HostList {
  ClosePreviewButton: ComponentType;
  SettingsPopover: ComponentType<{ children: ReactNode }> & {
    Trigger: ComponentType<{ children: ReactNode }>;
    Content: ComponentType<{ children: ReactNode }>;
    Workflow: ComponentType;
    Divider: ComponentType;
    Item: ComponentType<{ onClick(): void; children: ReactNode }>;
  };
}

/** OHIF's components are one module of 8 MB; a module that long is worth reading here. */
const UI_MAX_LENGTH = 30_000_000;

/** undefined in a version of OHIF that has them no more. */
export function hostList(): HostList | undefined {
  const exports = findHostModule(/ClosePreviewButton: ?ClosePreviewButton/, UI_MAX_LENGTH, holdsList);
  return exports && Object.values(exports).find(isList);
}

function holdsList(exports: unknown): exports is Record<string, unknown> {
  return typeof exports === "object" && exports !== null && Object.values(exports).some(isList);
}

function isList(candidate: unknown): candidate is HostList {
  const list = candidate as Partial<HostList> | null | undefined;
  return list?.ClosePreviewButton !== undefined && list.SettingsPopover?.Trigger !== undefined;
}
