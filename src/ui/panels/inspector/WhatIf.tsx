import { Check, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { SchedulingTrial, WhatIf as WhatIfAnswer } from '#protocol/messages.ts';
import { Button } from '#ui/parts/Button.tsx';
import { Link } from './Link.tsx';
import { noChange, patchOf, type PodChange, taintText } from './podChange.ts';
import { useAnswer } from './useAnswer.ts';

type Verdict = SchedulingTrial['nodes'][number];

const box = 'rounded border border-line-strong bg-panel px-1.5 py-0.5';

/** Of a pod that waits: change what it asks for, and see which nodes would say something else. */
export function WhatIf({ id, offered }: { readonly id: string; readonly offered: WhatIfAnswer }) {
  const [change, setChange] = useState(noChange);
  const patch = patchOf(change, offered);
  const { answer } = useAnswer({ type: 'scheduling', rowId: id, change: patch });
  // While the next answer is on its way the last one stays.
  const [shown, setShown] = useState(offered);
  if (answer?.whatIf && answer.whatIf !== shown) setShown(answer.whatIf);
  return (
    <section
      aria-label="What if"
      className="flex flex-col gap-3 rounded-lg border border-line bg-sunken/60 p-3"
    >
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-semibold">What if</h3>
        <p className="min-w-40 flex-1 text-dim">Change what it asks for. The pod stays as it is.</p>
        {change !== noChange && <Button onClick={() => setChange(noChange)}>As it is</Button>}
      </div>
      <Outcome whatIf={shown} isChanged={patch !== undefined} />
      <Fields change={change} setChange={setChange} offered={offered} />
      <Verdicts whatIf={shown} isChanged={patch !== undefined} />
    </section>
  );
}

interface FieldsProps {
  readonly change: PodChange;
  readonly setChange: (change: PodChange) => void;
  readonly offered: WhatIfAnswer;
}

function Fields({ change, setChange, offered }: FieldsProps) {
  const { pod, taints, priorities } = offered;
  const kept: readonly (readonly [part: string, words: ReactNode])[] = [
    ...pod.gates.map((name) => [`gate/${name}`, `the gate ${name}`] as const),
    ...pod.nodeSelector.map(
      ([key, value]) => [`selector/${key}`, `only nodes with ${key}=${value}`] as const,
    ),
    ...(pod.nodeAffinity ? [['nodeAffinity', 'its node affinity'] as const] : []),
    ...(pod.podAffinity ? [['podAffinity', 'its affinity to other pods'] as const] : []),
    ...(pod.podAntiAffinity ? [['podAntiAffinity', 'its anti-affinity to other pods'] as const] : []),
    ...(pod.spread ? [['spread', 'its topology spread constraints'] as const] : []),
  ];
  const toggled = (list: readonly string[], entry: string) =>
    list.includes(entry) ? list.filter((other) => other !== entry) : [...list, entry];
  return (
    <div className="grid grid-cols-[max-content_1fr] items-baseline gap-x-4 gap-y-2">
      {pod.containers.map((container) => (
        <Row key={container.name} words={pod.containers.length === 1 ? 'Requests' : container.name}>
          {(['cpu', 'memory'] as const).map((resource) => (
            <Request
              key={resource}
              label={resource === 'cpu' ? 'CPU' : 'Memory'}
              spoken={`${container.name} requests ${resource}`}
              value={change.requests[`${container.name}/${resource}`] ?? container[resource]}
              onChange={(text) =>
                setChange({
                  ...change,
                  requests: { ...change.requests, [`${container.name}/${resource}`]: text },
                })
              }
            />
          ))}
        </Row>
      ))}
      {kept.length > 0 && (
        <Row words="Keeps">
          {kept.map(([part, words]) => (
            <Tick
              key={part}
              checked={!change.dropped.includes(part)}
              onChange={() => setChange({ ...change, dropped: toggled(change.dropped, part) })}
            >
              {words}
            </Tick>
          ))}
        </Row>
      )}
      {taints.length > 0 && (
        <Row words="Tolerates">
          {taints.map((taint) => {
            const text = taintText(taint);
            return (
              <Tick
                key={text}
                checked={change.tolerated.includes(text)}
                onChange={() => setChange({ ...change, tolerated: toggled(change.tolerated, text) })}
              >
                {text}{' '}
                <span className="text-dim">on {taint.nodes === 1 ? '1 node' : `${taint.nodes} nodes`}</span>
              </Tick>
            );
          })}
        </Row>
      )}
      <Row words="Priority">
        <select
          aria-label="Priority class"
          value={change.priority}
          onChange={(event) => setChange({ ...change, priority: event.target.value })}
          className={`${box} max-w-full`}
        >
          <option value="">{pod.priority} (as it is)</option>
          {priorities.map(({ name, value }) => (
            <option key={name} value={name}>
              {name} ({value})
            </option>
          ))}
        </select>
      </Row>
    </div>
  );
}

function Row({ words, children }: { readonly words: string; readonly children: ReactNode }) {
  return (
    <div className="col-span-2 grid grid-cols-subgrid items-baseline">
      <span className="text-dim">{words}</span>
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-4 gap-y-1">{children}</span>
    </div>
  );
}

function Request(props: {
  readonly label: string;
  readonly spoken: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  return (
    <label className="flex items-baseline gap-2">
      {props.label}
      <input
        aria-label={props.spoken}
        value={props.value}
        placeholder="none"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => props.onChange(event.target.value)}
        className={`${box} w-22 font-mono`}
      />
    </label>
  );
}

function Tick(props: {
  readonly checked: boolean;
  readonly onChange: () => void;
  readonly children: ReactNode;
}) {
  return (
    <label className="flex min-w-0 items-baseline gap-2">
      <input
        type="checkbox"
        checked={props.checked}
        onChange={props.onChange}
        className="translate-y-0.5 accent-(--accent)"
      />
      <span className="min-w-0 break-words">{props.children}</span>
    </label>
  );
}

interface OutcomeProps {
  readonly whatIf: WhatIfAnswer;
  readonly isChanged: boolean;
}

/** What would come of it, in a sentence. */
function Outcome({ whatIf: { now, changed, error }, isChanged }: OutcomeProps) {
  const isRefused = isChanged && error !== null;
  return (
    <p role="status" className={`break-words ${isRefused ? 'text-failing' : ''}`}>
      {isRefused ? error : sentenceOf(isChanged ? (changed ?? now) : now, isChanged)}
    </p>
  );
}

/** What each node says to the pod as it is, and as it would be: where that is not the same, first. */
function Verdicts({ whatIf: { now, changed, error }, isChanged }: OutcomeProps) {
  const after = isChanged ? (changed ?? now) : now;
  const before = new Map(now.nodes.map((verdict) => [verdict.node, verdict]));
  const flips = (verdict: Verdict) => isFit(verdict) !== isFit(before.get(verdict.node) ?? verdict);
  const nodes = after.nodes.toSorted((a, b) => Number(flips(b)) - Number(flips(a)));
  if (nodes.length === 0 || (isChanged && error !== null)) return null;
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-left">
        <thead className="text-dim">
          <tr className="border-b border-line">
            {['Node', 'As it is', ...(isChanged ? ['If so'] : [])].map((title) => (
              <th key={title} scope="col" className="py-1 pr-3 font-normal">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {nodes.map((verdict) => (
            <tr
              key={verdict.node}
              data-flips={flips(verdict)}
              className={`border-b border-line align-top last:border-0 ${flips(verdict) ? 'bg-accent/10' : ''}`}
            >
              <th scope="row" className="py-1 pr-3 pl-1 font-normal whitespace-nowrap">
                <Link id={`nodes/${verdict.node}`} />
              </th>
              <Says verdict={before.get(verdict.node)} />
              {isChanged && <Says verdict={verdict} chosen={verdict.node === after.node} />}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Says({
  verdict,
  chosen = false,
}: {
  readonly verdict: Verdict | undefined;
  readonly chosen?: boolean;
}) {
  if (verdict === undefined) return <td className="py-1 pr-3 text-dim">was not asked</td>;
  const Icon = isFit(verdict) ? Check : X;
  return (
    <td className="min-w-28 py-1 pr-3 break-words">
      <Icon
        aria-hidden="true"
        className={`mr-1.5 inline size-3.5 ${isFit(verdict) ? 'text-running' : 'text-failing'}`}
      />
      {verdict.rejection?.reasons.join('; ') ?? (chosen ? 'fits, and is the best' : 'fits')}
    </td>
  );
}

function isFit({ rejection }: Verdict): boolean {
  return rejection === null;
}

function sentenceOf({ node, message, nodes, preempts }: SchedulingTrial, isChanged: boolean): string {
  const fits = nodes.filter(isFit).length;
  if (node !== null) {
    const where = fits === 1 ? `on ${node} alone` : `on ${fits} of ${nodes.length} nodes, best on ${node}`;
    return isChanged ? `It would fit ${where}.` : `It fits ${where}: its turn comes.`;
  }
  if (preempts !== null)
    return `It would fit nowhere as things are, but drive ${preempts.pods.join(', ')} from ${preempts.node}.`;
  return isChanged ? `It would still wait: ${message}` : message;
}
