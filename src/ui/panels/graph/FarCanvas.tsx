import { useStore } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import type { Health } from '#protocol/rows.ts';
import { themeColours } from '#ui/parts/themeColours.ts';
import { usePage, useView } from '#ui/store/context.ts';
import { inspect } from '#ui/store/view.ts';
import type { AnyFlow } from './flowTypes.ts';
import { chipHeight, nodeFooterHeight, nodeHeaderHeight } from './layoutNodes.ts';

const healths: readonly Health[] = ['running', 'pending', 'succeeded', 'failing', 'terminating', 'unknown'];

/** How often the picture is drawn while nothing moves but the cluster. */
const redrawMs = 250;

/** Thousands of boxes as cells on one canvas, in the same space as React Flow's, so that zooming goes through. */
export function FarCanvas({ flows }: { readonly flows: readonly AnyFlow[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const transform = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const theme = useView((state) => state.theme);
  const { session, view } = usePage();

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return undefined;
    const colour = themeColours(theme);
    const colours = new Map<string, string>(
      [...healths, 'panel', 'line', 'text'].map((name) => [name, colour(name)]),
    );
    const draw = (): void =>
      drawCells(context, flows, transform, [width, height], colours, (id) => session.rows.get(id));
    let timer: ReturnType<typeof setTimeout> | undefined;
    let drawn: unknown;
    const tick = (): void => {
      const startedMs = performance.now();
      const { version } = session.rows;
      if (version !== drawn) draw();
      drawn = version;
      // What takes long is done seldom: the page's time is the learner's.
      timer = setTimeout(tick, Math.max(redrawMs, (performance.now() - startedMs) * 10));
    };
    tick();
    return () => clearTimeout(timer);
  }, [flows, transform, width, height, theme, session]);

  return (
    <canvas
      ref={canvas}
      width={width * devicePixelRatio}
      height={height * devicePixelRatio}
      aria-hidden="true"
      className="absolute inset-0 size-full"
      onClick={(event) => {
        const [x, y, zoom] = transform;
        const area = event.currentTarget.getBoundingClientRect();
        const id = boxAt(flows, (event.clientX - area.x - x) / zoom, (event.clientY - area.y - y) / zoom);
        if (id !== null) inspect(view, id);
      }}
    />
  );
}

/** The box under a point; where all is cells, a click opens the node, and its pods are found from there. */
function boxAt(flows: readonly AnyFlow[], x: number, y: number): string | null {
  const hit = flows.find(
    ({ data: { box } }) => x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height,
  );
  if (hit === undefined || hit.type === 'tray' || hit.type === 'controlPlane') return null;
  return hit.data.box.id;
}

type Get = (id: string) => ReturnType<ReturnType<typeof usePage>['session']['rows']['get']>;

function drawCells(
  context: CanvasRenderingContext2D,
  flows: readonly AnyFlow[],
  [x, y, zoom]: readonly [number, number, number],
  [width, height]: readonly [number, number],
  colours: ReadonlyMap<string, string>,
  get: Get,
): void {
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, width, height);
  // One colour at a time: changing it is what costs.
  const cells = new Map<string, number[]>();
  const cell = (name: string, ...rect: number[]): void => {
    const list = cells.get(name);
    if (list === undefined) cells.set(name, rect);
    else list.push(...rect);
  };
  for (const { data } of flows) {
    const { box } = data;
    const [left, top, w, h] = [box.x * zoom + x, box.y * zoom + y, box.width * zoom, box.height * zoom];
    if (left > width || top > height || left + w < 0 || top + h < 0) continue;
    const row = get(box.id);
    const health = row !== undefined && 'health' in row ? row.health : 'unknown';
    if (w < 7) {
      cell(
        worst(
          box.pods.map((pod) => get(pod.id)),
          health,
        ),
        left,
        top,
        Math.max(1, w - 1),
        Math.max(1, h - 1),
      );
      continue;
    }
    cell('panel', left, top, w, h);
    if (health !== 'running') cell(health, left, top, w, Math.max(2, h * 0.08));
    // Without room for words, the pods of a node have all of its box.
    const [from, to] = data.box.id.startsWith('nodes/')
      ? [nodeHeaderHeight, box.height - nodeFooterHeight]
      : [0, box.height];
    const stretch = box.height / (to - from);
    for (const placed of box.pods) {
      const pod = get(placed.id);
      if (pod?.type !== 'pod') continue;
      const y = top + (placed.y - from) * stretch * zoom;
      const tall = chipHeight * stretch * zoom;
      cell(pod.health, left + placed.x * zoom, y, Math.max(1, box.podWidth * zoom), Math.max(1, tall));
    }
  }
  for (const [name, rects] of cells) {
    context.fillStyle = colours.get(name) ?? 'grey';
    for (let at = 0; at < rects.length; at += 4)
      context.fillRect(rects[at] ?? 0, rects[at + 1] ?? 0, rects[at + 2] ?? 0, rects[at + 3] ?? 0);
  }
}

/** A node as one cell shows the worst of what is in it. */
function worst(pods: readonly ReturnType<Get>[], own: Health): Health {
  if (own !== 'running') return own;
  for (const health of ['failing', 'unknown', 'pending', 'terminating'] as const)
    if (pods.some((pod) => pod?.type === 'pod' && pod.health === health)) return health;
  return 'running';
}
