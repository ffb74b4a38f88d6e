import { memo, type KeyboardEvent } from 'react';
import type { ActivityRow } from '#protocol/rows.ts';
import { formatActor, formatClock } from '#ui/parts/format.ts';
import { Scrollable } from '#ui/parts/Scrollable.tsx';
import { useActivity, usePage } from '#ui/store/context.ts';
import { inspect } from '#ui/store/view.ts';
import { filterActivity, type ActivityFilter } from './filterActivity.ts';

/** How many lines are on the page; the strip and the Events of an object know more. */
const linesMax = 150;

export function ActivityList({ filter }: { readonly filter: ActivityFilter }) {
  const rows = filterActivity(useActivity(), filter, linesMax);
  if (rows.length === 0) return <p className="px-3 py-2 text-dim">Nothing has happened yet.</p>;
  const firstToOpen = rows.find(({ subject }) => subject !== null);
  return (
    <Scrollable label="What happened, newest first" className="absolute inset-0">
      <ol className="py-1">
        {rows.map((row) => (
          <Line key={row.sequence} row={row} stop={row === firstToOpen} />
        ))}
      </ol>
    </Scrollable>
  );
}

/** The lines are one stop of the Tab key, however many they are; the arrow keys go from line to line. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by === undefined) return;
  const lines = [...(event.currentTarget.closest('ol')?.querySelectorAll('button') ?? [])];
  lines[lines.findIndex((line) => line === event.currentTarget) + by]?.focus();
  event.preventDefault();
}

export const typeMarks: Record<ActivityRow['type'], string> = {
  write: 'text-dim',
  event: 'text-accent',
  input: 'text-running',
  fault: 'text-failing',
};

const typeWords: Record<ActivityRow['type'], string> = {
  write: 'write',
  event: 'event',
  input: 'you',
  fault: 'fault',
};

const Line = memo(function Line({ row, stop }: { readonly row: ActivityRow; readonly stop: boolean }) {
  const { view } = usePage();
  const { subject } = row;
  const content = (
    <>
      <time className="num shrink-0 font-mono text-dim">{formatClock(row.atMs)}</time>
      <span className={`w-12 shrink-0 ${row.level === 'warning' ? 'text-pending' : typeMarks[row.type]}`}>
        {row.level === 'warning' ? 'warn' : typeWords[row.type]}
      </span>
      <span className="w-40 shrink-0 truncate text-dim max-xl:hidden">{formatActor(row.actor)}</span>
      <span className="truncate" title={row.text}>
        {row.text}
      </span>
    </>
  );
  const shape = 'flex w-full items-baseline gap-3 px-3 py-px text-left';
  return (
    <li>
      {subject === null ? (
        <div className={shape}>{content}</div>
      ) : (
        <button
          type="button"
          tabIndex={stop ? 0 : -1}
          onKeyDown={moveFocus}
          className={`${shape} hover:bg-raised`}
          onClick={() => inspect(view, subject)}
        >
          {content}
        </button>
      )}
    </li>
  );
});
