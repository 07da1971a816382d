import React, { type ComponentType, useEffect, useState } from "react";
import { t } from "../../../src/contract/translate.ts";
import type { Ohif, StudyRow } from "../ohif-types.ts";

interface PreviewProps {
  study: StudyRow | null;
  ohif: Ohif;
}

let loaded: ComponentType<PreviewProps> | undefined;
let loading: Promise<void> | undefined;

/** Once for all; a failure is forgotten, so that it is tried again. */
function load(): Promise<void> {
  loading ??= import("./preview/preview-pane.tsx").then(
    (module) => {
      loaded = module.default;
    },
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** The preview is a chunk of its own, so that the list need not wait for it. */
export function LazyPreview(props: PreviewProps) {
  const [state, setState] = useState<"loading" | "loaded" | "failed">(loaded ? "loaded" : "loading");
  useEffect(() => {
    load().then(
      () => setState("loaded"),
      () => setState("failed"),
    );
  }, []);
  const Preview = loaded;
  if (state === "loaded" && Preview) return <Preview {...props} />;
  if (state === "loading") return null;
  return (
    <p className="vigil-preview-none" role="alert">
      {t("The preview cannot be loaded. Reload the page.")}
    </p>
  );
}
