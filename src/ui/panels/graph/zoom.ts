/** What is worth drawing at a zoom: containers and probes, a name and a status, or a coloured cell. */
export type ZoomBand = 'near' | 'middle' | 'far';

const nearFrom = 1.35;
const middleFrom = 0.52;

export function zoomBand(zoom: number): ZoomBand {
  if (zoom >= nearFrom) return 'near';
  return zoom >= middleFrom ? 'middle' : 'far';
}

/** Text is scaled against the zoom in steps, so that it stays readable and is laid out anew only seldom. */
const textStep = 1.12;

/**
 * How much larger than its nominal size text is drawn inside the graph, so that it looks nominal on the screen as far as
 * its box allows. `textRatio` is the page's text size over 14 px.
 */
export function textScale(zoom: number, textRatio: number): number {
  const wanted = textRatio / zoom;
  const stepped = textStep ** Math.round(Math.log(wanted) / Math.log(textStep));
  return Math.min(Math.max(stepped, 0.62), zoomBand(zoom) === 'far' ? 3.4 : 1.75);
}
