import { useEffect, useRef } from 'react';
import type { ActivityRow } from '#protocol/rows.ts';
import { themeColours } from '#ui/parts/themeColours.ts';
import { usePage, useView } from '#ui/store/context.ts';

/** The strip shows the last two minutes of virtual time. */
const spanMs = 120_000;
const redrawMs = 200;

/** A seismograph of the cluster: writes as a grey hum, events, warnings, faults and inputs as marks above it. */
export function Strip() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { session } = usePage();
  const theme = useView((state) => state.theme);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return undefined;
    const colour = themeColours(theme);
    const colours = {
      write: colour('line-strong'),
      event: colour('accent'),
      warning: colour('pending'),
      input: colour('running'),
      fault: colour('failing'),
    };
    let drawn = '';
    const timer = setInterval(() => {
      const { nowMs } = session.state.getState();
      const key = `${nowMs} ${session.activity.version} ${element.clientWidth}`;
      if (key === drawn || element.clientWidth === 0) return;
      drawn = key;
      draw(element, context, session.activity.rows, nowMs, colours);
    }, redrawMs);
    return () => clearInterval(timer);
  }, [session, theme]);
  return (
    <div className="relative h-7 min-w-0 flex-1 overflow-hidden rounded-md border border-line bg-sunken">
      <canvas ref={canvas} aria-hidden="true" className="absolute inset-0 size-full" />
    </div>
  );
}

type Colours = Record<ActivityRow['type'] | 'warning', string>;

function draw(
  element: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  rows: readonly ActivityRow[],
  nowMs: number,
  colours: Colours,
): void {
  const [width, height] = [element.clientWidth, element.clientHeight];
  element.width = width * devicePixelRatio;
  element.height = height * devicePixelRatio;
  context.scale(devicePixelRatio, devicePixelRatio);
  const barWidth = 3;
  const writes: number[] = Array.from({ length: Math.ceil(width / barWidth) + 1 }, () => 0);
  const marks: ActivityRow[] = [];
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const row = rows[at];
    if (row === undefined || row.atMs < nowMs - spanMs) break;
    if (row.type !== 'write') marks.push(row);
    const bar = Math.floor((width * (1 - (nowMs - row.atMs) / spanMs)) / barWidth);
    writes[bar] = (writes[bar] ?? 0) + 1;
  }
  context.fillStyle = colours.write;
  writes.forEach((count, bar) => {
    if (count === 0) return;
    const tall = Math.min(height - 4, 3 + Math.sqrt(count) * 4);
    context.fillRect(bar * barWidth, height - tall, barWidth - 1, tall);
  });
  for (const row of marks) {
    const x = width * (1 - (nowMs - row.atMs) / spanMs);
    context.fillStyle = row.level === 'warning' ? colours.warning : colours[row.type];
    // Four kinds of mark, told apart by shape too: a dot, a taller bar, a full line.
    if (row.type === 'event')
      context.fillRect(x - 1.5, row.level === 'warning' ? 3 : 8, 3, row.level === 'warning' ? 9 : 4);
    else context.fillRect(x - 1, 0, 2, height);
  }
}
