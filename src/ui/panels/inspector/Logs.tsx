import { useEffect, useRef, useState } from 'react';
import { Scrollable } from '#ui/parts/Scrollable.tsx';
import type { PodRow } from '#protocol/rows.ts';
import { useAnswer } from './useAnswer.ts';
import { Waiting } from './Waiting.tsx';

export function Logs({ pod }: { readonly pod: PodRow }) {
  const [container, setContainer] = useState(pod.containers[0]?.name ?? '');
  const [previous, setPrevious] = useState(false);
  const { answer, error } = useAnswer({ type: 'logs', rowId: pod.id, container, previous });
  const scroll = useRef<HTMLElement>(null);
  const text = answer?.text ?? '';
  useEffect(() => {
    const element = scroll.current;
    if (element === null || text === '') return;
    const nearEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 120;
    if (nearEnd) element.scrollTop = element.scrollHeight;
  }, [text]);
  return (
    <div className="flex h-full flex-col">
      <div className="flex shrink-0 items-center gap-4 border-b border-line px-3 py-1.5">
        <label className="flex items-center gap-2">
          <span className="text-dim">Container</span>
          <select
            value={container}
            onChange={(event) => setContainer(event.target.value)}
            className="rounded border border-line-strong bg-panel px-1.5 py-0.5"
          >
            {pod.containers.map((row) => (
              <option key={row.name}>{row.name}</option>
            ))}
          </select>
        </label>
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={previous}
            onChange={(event) => setPrevious(event.target.checked)}
            className="accent-(--accent)"
          />
          previous run
        </label>
        {answer?.truncated === true && <span className="text-dim">the oldest lines are not shown</span>}
      </div>
      {answer === null ? (
        <Waiting error={error} />
      ) : (
        <Scrollable label="Logs" elementRef={scroll} className="min-h-0 flex-1 bg-sunken">
          <pre className="p-3 font-mono leading-snug break-words whitespace-pre-wrap">
            {text === '' ? 'It has printed nothing.' : text}
          </pre>
        </Scrollable>
      )}
    </div>
  );
}
