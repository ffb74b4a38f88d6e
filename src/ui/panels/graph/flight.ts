/** How long anything on the graph moves. Motion shows cause; it never makes anyone wait. */
export const motionMs = 340;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where every pod and owner was last drawn, in the graph's space. */
const places = new Map<string, Place>();
const placesMax = 20_000;

/** Remembers where something is, so that what comes from it can start there. */
export function rememberPlace(id: string, x: number, y: number): void {
  if (places.size > placesMax) places.clear();
  places.set(id, { x, y });
}

/**
 * Lets a pod travel from where it was to (x, y): from the tray to its node, or from its owner when it is new. What
 * stands still costs nothing, and who asked for less motion sees none.
 */
export function flight(element: HTMLElement, id: string, owner: string | null, x: number, y: number): void {
  const before = places.get(id);
  const from = before ?? (owner === null ? undefined : places.get(owner));
  rememberPlace(id, x, y);
  if (matchMedia('(prefers-reduced-motion: reduce)').matches || document.hidden) return;
  if (from === undefined) {
    element.animate(
      [
        { opacity: 0, scale: 0.8 },
        { opacity: 1, scale: 1 },
      ],
      { duration: motionMs / 2 },
    );
    return;
  }
  if (from.x === x && from.y === y) return;
  element.animate(
    [
      { transform: `translate(${from.x - x}px, ${from.y - y}px)`, zIndex: 5, opacity: before ? 1 : 0.2 },
      { transform: 'none', zIndex: 5, opacity: 1 },
    ],
    { duration: motionMs, easing: 'cubic-bezier(0.3, 0.7, 0.2, 1)' },
  );
}
