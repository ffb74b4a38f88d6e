import { ChartLine, ChevronDown, ChevronUp } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { IconButton } from '#ui/parts/IconButton.tsx';
import { Segmented } from '#ui/parts/Segmented.tsx';
import { usePage, useView } from '#ui/store/context.ts';
import { ActivityList } from './ActivityList.tsx';
import type { ActivityFilter } from './filterActivity.ts';
import { Strip } from './Strip.tsx';

const Charts = lazy(() => import('./ChartsView.tsx'));

/** What just happened: a strip to see it at a glance, and the lines to read. */
export function TimelinePanel() {
  const { view } = usePage();
  const open = useView((state) => state.timelineOpen);
  const [filter, setFilter] = useState<ActivityFilter>('all');
  const [charts, setCharts] = useState(false);
  return (
    <section
      aria-label="Timeline"
      className={`flex min-h-0 flex-col bg-panel ${open ? 'h-full' : 'shrink-0 border-t border-line'}`}
    >
      <header className="@container flex h-10 shrink-0 items-center gap-2 border-b border-line pr-1 pl-3">
        <h2 className="font-semibold">Timeline</h2>
        <Strip />
        {open && !charts && (
          <div className="hidden @md:block">
            <Segmented
              name="Show"
              value={filter}
              onChange={setFilter}
              choices={[
                { value: 'all', label: 'All' },
                { value: 'event', label: 'Events' },
                { value: 'warning', label: 'Warnings' },
              ]}
            />
          </div>
        )}
        <IconButton
          icon={ChartLine}
          label="Charts"
          pressed={charts && open}
          tip="above-left"
          onClick={() => {
            setCharts(!charts || !open);
            view.setState({ timelineOpen: true });
          }}
        />
        <IconButton
          icon={open ? ChevronDown : ChevronUp}
          label={open ? 'Close the timeline' : 'Open the timeline'}
          tip="above-left"
          onClick={() => view.setState({ timelineOpen: !open })}
        />
      </header>
      {open && (
        <div className="relative min-h-0 flex-1">
          {charts ? (
            <Suspense fallback={<p className="p-3 text-dim">Drawing …</p>}>
              <Charts />
            </Suspense>
          ) : (
            <ActivityList filter={filter} />
          )}
        </div>
      )}
    </section>
  );
}
