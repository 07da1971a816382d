import React, { type ComponentType, useEffect, useState } from "react";
import { t } from "../../../src/contract/translate.ts";

/** A part of the page that is fetched when it is shown for the first time. */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function LazyPart(props: Props) {
    const [Part, setPart] = useState(() => loaded);
    const [hasFailed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded !== undefined) return;
      load().then(
        (part) => {
          loaded = part;
          setPart(() => part);
        },
        () => setFailed(true),
      );
    }, []);
    if (Part !== undefined) return <Part {...props} />;
    return hasFailed ? (
      <p className="vigil-muted">⚠ {t("This part of Vigil cannot be loaded: load the page anew.")}</p>
    ) : null;
  };
}
