import React, { useEffect, useState } from "react";
import type { PreviewSlice } from "../../../../src/contract/preview.ts";
import { t } from "../../../../src/contract/translate.ts";
import { LABEL_NAME, scoreWords } from "../../../../src/contract/words.ts";
import { useStore } from "../../ui/use-store.ts";
import { isHeatOn, toggleHeat } from "../heat-choice.ts";
import { knownPicture, loadPicture } from "./pictures.ts";

interface PicturesProps {
  slices: PreviewSlice[];
}

/** The key slices, one of them large; with the heat map over them or without. */
export function Pictures({ slices }: PicturesProps) {
  const [chosen, choose] = useState(0);
  const isOn = useStore(isHeatOn);
  const slice = slices[chosen] ?? slices[0];
  if (slice === undefined) return null;
  const hasHeat = slices.some(({ heatImage }) => heatImage !== null);
  return (
    <figure className="vigil-pictures" data-cy="vigil-pictures">
      <Picture slice={slice} isHeatOn={isOn} isLarge />
      <figcaption className="vigil-pictures-caption">
        <span className="vigil-grow">
          <b>{t("Slice {number} of {of}", { number: slice.number, of: slice.of })}</b>
          <span className="vigil-muted">
            {" "}
            {t(LABEL_NAME[slice.label])}: {scoreWords(slice.probability)}
          </span>
        </span>
        {hasHeat && (
          <button
            type="button"
            className="vigil-button"
            aria-pressed={isOn}
            aria-keyshortcuts="H"
            onClick={toggleHeat}
            data-cy="vigil-preview-heat"
          >
            {t("Heat map")} <kbd className="vigil-key">H</kbd>
          </button>
        )}
      </figcaption>
      {slices.length > 1 && (
        <div className="vigil-pictures-row">
          {slices.map((one, index) => (
            <button
              key={`${one.sopInstanceUid} ${one.frameNumber}`}
              type="button"
              className="vigil-pictures-small"
              aria-pressed={one === slice}
              aria-label={t("Slice {number} of {of}", { number: one.number, of: one.of })}
              onClick={() => choose(index)}
            >
              <Picture slice={one} isHeatOn={isOn} />
            </button>
          ))}
        </div>
      )}
    </figure>
  );
}

interface PictureProps {
  slice: PreviewSlice;
  isHeatOn: boolean;
  isLarge?: boolean;
}

/** Both images lie over each other, so that switching the heat map moves nothing. */
function Picture({ slice, isHeatOn, isLarge = false }: PictureProps) {
  const plain = usePicture(slice.image);
  const heat = usePicture(slice.heatImage);
  const alt = isLarge ? t("Slice {number} of {of}", { number: slice.number, of: slice.of }) : "";
  const isHeatShown = isHeatOn && typeof heat === "string";
  return (
    <span className="vigil-picture">
      {typeof plain === "string" && <img src={plain} alt={alt} data-cy={isLarge ? "vigil-picture" : undefined} />}
      {typeof heat === "string" && (
        <img
          src={heat}
          alt=""
          style={{ opacity: isHeatShown ? 1 : 0 }}
          data-cy={isLarge ? "vigil-picture-heat" : undefined}
        />
      )}
      {plain === null && isLarge && (
        <span className="vigil-picture-none" role="status">
          {t("The PACS does not give this image now")}
        </span>
      )}
    </span>
  );
}

/** The object URL of an image; null when it cannot be loaded; undefined before that is known. */
function usePicture(url: string | null): string | null | undefined {
  const [loaded, setLoaded] = useState<{ url: string; objectUrl: string | null }>();
  useEffect(() => {
    if (url === null || knownPicture(url) !== undefined) return;
    const aborter = new AbortController();
    loadPicture(url, aborter.signal)
      .catch(() => null)
      .then((objectUrl) => {
        if (!aborter.signal.aborted) setLoaded({ url, objectUrl });
      });
    return () => aborter.abort();
  }, [url]);
  if (url === null) return undefined;
  return knownPicture(url) ?? (loaded?.url === url ? loaded.objectUrl : undefined);
}
