import type { Health } from '#protocol/rows.ts';
import { Scrollable } from '#ui/parts/Scrollable.tsx';
import { HealthMark, healthWords } from '#ui/parts/HealthMark.tsx';

const meanings: Record<Health, string> = {
  running: 'does its work',
  pending: 'waits, is created, or is not ready',
  succeeded: 'finished well',
  failing: 'fails or restarts',
  terminating: 'is being deleted',
  unknown: 'nothing is heard of it',
};

export function Legend() {
  return (
    <Scrollable
      label="Legend"
      className="absolute bottom-2 left-2 z-10 max-h-[calc(100%-1rem)] rounded-lg border border-line-strong bg-panel px-3 py-2 shadow-(--shadow)"
    >
      <dl className="grid grid-cols-[auto_auto_1fr] items-center gap-x-2 gap-y-1">
        {(Object.keys(meanings) as Health[]).map((health) => (
          <div key={health} className="contents">
            <HealthMark health={health} />
            <dt className="font-medium">{healthWords[health]}</dt>
            <dd className="text-dim">{meanings[health]}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 flex items-center gap-2 border-t border-line pt-2 text-dim">
        <span className="bar w-16 flex-none!">
          <i className="bar-requested" style={{ width: '70%' }} />
          <i className="bar-used" style={{ width: '35%' }} />
        </span>
        pale is requested, solid is used
      </p>
    </Scrollable>
  );
}
