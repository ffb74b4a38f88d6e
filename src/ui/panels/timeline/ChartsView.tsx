import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatClock } from '#ui/parts/format.ts';
import { themeColours } from '#ui/parts/themeColours.ts';
import { usePage, useView } from '#ui/store/context.ts';
import type { Sample } from '#ui/store/series.ts';

interface Curve {
  readonly label: string;
  readonly colour: string;
  readonly read: (sample: Sample) => number;
}

const charts: readonly { readonly title: string; readonly curves: readonly Curve[] }[] = [
  {
    title: 'Requests per second',
    curves: [
      { label: 'served', colour: 'accent', read: (sample) => sample.requests },
      { label: 'failed', colour: 'failing', read: (sample) => sample.errors },
    ],
  },
  {
    title: 'Pods',
    curves: [
      { label: 'ready', colour: 'running', read: (sample) => sample.podsReady },
      { label: 'failing', colour: 'failing', read: (sample) => sample.podsFailing },
    ],
  },
];

const redrawMs = 500;

/** The totals over the last minutes of virtual time. */
export default function ChartsView() {
  return (
    <div className="absolute inset-0 grid grid-cols-2 gap-2 p-2">
      {charts.map(({ title, curves }) => (
        <figure key={title} className="flex min-h-0 min-w-0 flex-col">
          <figcaption className="flex items-baseline gap-3 overflow-hidden whitespace-nowrap">
            <span>{title}</span>
            {curves.map((curve) => (
              <span key={curve.label} style={{ color: `var(--${curve.colour})` }}>
                {curve.label}
              </span>
            ))}
          </figcaption>
          <Chart curves={curves} />
        </figure>
      ))}
    </div>
  );
}

function Chart({ curves }: { readonly curves: readonly Curve[] }) {
  const place = useRef<HTMLDivElement>(null);
  const { session } = usePage();
  const theme = useView((state) => state.theme);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const colour = themeColours(theme);
    const axis = {
      stroke: colour('dim'),
      grid: { stroke: colour('line'), width: 1 },
      font: '12px Inter Variable',
    };
    const read = (): UPlot.AlignedData => [
      session.series.samples.map((sample) => sample.atMs / 1000),
      ...curves.map((curve) => session.series.samples.map(curve.read)),
    ];
    const plot = new UPlot(
      {
        width: element.clientWidth,
        height: element.clientHeight,
        legend: { show: false },
        cursor: { y: false, points: { size: 5 } },
        axes: [
          { ...axis, size: 22, values: (_plot, ticks) => ticks.map((tick) => formatClock(tick * 1000)) },
          { ...axis, size: 44 },
        ],
        scales: { y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] } },
        series: [
          {},
          ...curves.map((curve) => ({ stroke: colour(curve.colour), width: 2, points: { show: false } })),
        ],
      },
      read(),
      element,
    );
    const timer = setInterval(() => plot.setData(read()), redrawMs);
    const resized = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    resized.observe(element);
    return () => {
      clearInterval(timer);
      resized.disconnect();
      plot.destroy();
    };
  }, [session, theme, curves]);
  return <div ref={place} className="min-h-0 flex-1 overflow-hidden" />;
}
