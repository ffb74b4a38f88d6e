import { formatActor, formatClock } from '#ui/parts/format.ts';
import { useAnswer } from './useAnswer.ts';
import { Link } from './Link.tsx';
import { Waiting } from './Waiting.tsx';

/** The cause trail: what led to it, nearest first, down to what somebody did. */
export function Why({ id }: { readonly id: string }) {
  const { answer, error } = useAnswer({ type: 'why', rowId: id });
  if (answer === null) return <Waiting error={error} />;
  if (answer.length === 0)
    return <p className="p-3 text-dim">It was there when the cluster started, so nothing led to it.</p>;
  return (
    <ol className="flex flex-col p-3" aria-label="Causes, nearest first">
      {answer.map((step, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a trail is only ever replaced as a whole
        <li key={index} className="relative flex gap-3 pb-3 last:pb-0">
          <span aria-hidden="true" className="flex w-3 shrink-0 flex-col items-center pt-1.5">
            <i
              className={`size-2.5 rounded-full border-2 ${index === answer.length - 1 ? 'border-accent bg-accent' : 'border-line-strong'}`}
            />
            {index < answer.length - 1 && <i className="mt-1 w-px flex-1 bg-line-strong" />}
          </span>
          <div className="min-w-0">
            <p className="break-words">
              <span className="font-medium">{formatActor(step.actor)}</span> <span>{step.text}</span>
            </p>
            <p className="flex flex-wrap gap-x-3 text-dim">
              <time className="num font-mono">{formatClock(step.atMs)}</time>
              {step.rowId !== null && step.rowId !== id && <Link id={step.rowId} />}
              {index < answer.length - 1 && <span>because</span>}
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}
