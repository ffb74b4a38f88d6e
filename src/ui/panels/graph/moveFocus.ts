const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Arrow keys go to the nearest thing in their direction, as the eye would. */
export function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const direction = directions[event.key];
  if (direction === undefined || !(event.target instanceof Element)) return;
  const from = event.target.closest('[data-graph-item]');
  if (from === null) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-graph-item]')].filter(
    (item) => item !== from,
  );
  const at = nearest(
    centre(from.getBoundingClientRect()),
    items.map((item) => centre(item.getBoundingClientRect())),
    direction,
  );
  items[at ?? -1]?.focus();
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function centre(rect: DOMRect): Point {
  return { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
}

/** Index of the nearest point in a direction; what lies to the side counts as three times as far. */
export function nearest(
  from: Point,
  points: readonly Point[],
  [dx, dy]: readonly [number, number],
): number | null {
  let best: number | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  points.forEach((point, index) => {
    const along = (point.x - from.x) * dx + (point.y - from.y) * dy;
    const aside = Math.abs((point.x - from.x) * dy) + Math.abs((point.y - from.y) * dx);
    const cost = along + aside * 3;
    if (along <= 1 || cost >= bestCost) return;
    best = index;
    bestCost = cost;
  });
  return best;
}
