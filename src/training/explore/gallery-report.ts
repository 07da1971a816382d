import { LABEL_NAME } from "../../contract/words.ts";
import { type Html, html } from "../../pages/html.ts";
import type { Section } from "../../pages/page.ts";
import { pictureUrl } from "../../pages/picture.ts";
import type { Exploration } from "./explore.ts";
import type { Gallery, GalleryClass } from "./pictures.ts";
import { GALLERY_WINDOWS } from "./thumbnail.ts";

const PLACES = 9;

/** Three by three images of each class, in four windows that the reader switches between. */
export function gallerySection({ galleries }: Exploration): Section {
  const body = html`<div class="windows">
${GALLERY_WINDOWS.map(({ name }, i) => html`<input type="radio" name="window" id="window-${i}"${checked(i === 0)}><label for="window-${i}">${name}</label>`)}
${GALLERY_WINDOWS.map((_, window) => html`<div class="shown grid">${galleries.map((gallery) => galleryFigure(gallery, window))}</div>`)}
</div>`;
  return {
    id: "gallery",
    title: "Gallery",
    lead: "Images of each class, drawn at random from as many patients as there are. An image without a window of its own is shown in the brain's.",
    body,
  };
}

function checked(is: boolean): Html {
  return is ? html` checked` : html``;
}

function galleryFigure({ of, pictures }: Gallery, window: number): Html {
  const name = nameOf(of);
  const shown = pictures.map(({ key, shown: thumbnails }) => {
    const { pixels, width, height } = thumbnails[window]!;
    return html`<img src="${pictureUrl(pixels, width, height)}" alt="${name}" title="${key}">`;
  });
  const empty = Array.from({ length: PLACES - shown.length }, () => html`<span class="empty"></span>`);
  const text = pictures.length === 0 ? "no labelled image" : name;
  return html`<figure><figcaption>${pictures.length === 0 ? `${name}: ${text}` : name}</figcaption><div class="gallery">${shown}${empty}</div></figure>`;
}

function nameOf(of: GalleryClass): string {
  return of === "normal" ? "No haemorrhage" : LABEL_NAME[of];
}
