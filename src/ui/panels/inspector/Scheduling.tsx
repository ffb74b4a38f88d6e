import type { SchedulingDecision } from '#protocol/messages.ts';
import { formatClock } from '#ui/parts/format.ts';
import { Link } from './Link.tsx';
import { useAnswer } from './useAnswer.ts';
import { Waiting } from './Waiting.tsx';
import { WhatIf } from './WhatIf.tsx';

type Verdict = SchedulingDecision['nodes'][number];

/** Why a pod is where it is, or nowhere: what each node had to say, in the scheduler's own words and numbers. */
export function Scheduling({ id }: { readonly id: string }) {
  const { answer, error } = useAnswer({ type: 'scheduling', rowId: id });
  if (error !== null) return <Waiting error={error} />;
  if (answer === null) return <Waiting error={null} />;
  return (
    <div className="flex flex-col gap-4 p-3">
      {answer.decision === null ? (
        <p className="text-dim">
          No decision about it is remembered. A pod that is made for one node, such as a static one, is never
          scheduled; and the scheduler remembers its latest decisions only.
        </p>
      ) : (
        <Decision answer={answer.decision} />
      )}
      {answer.whatIf !== null && <WhatIf id={id} offered={answer.whatIf} />}
    </div>
  );
}

function Decision({ answer }: { readonly answer: SchedulingDecision }) {
  const passed = answer.nodes.filter(({ rejection }) => rejection === null);
  const failed = answer.nodes.filter(({ rejection }) => rejection !== null);
  return (
    <div className="flex flex-col gap-3">
      <p className="break-words">
        <time className="num mr-3 font-mono text-dim">{formatClock(answer.atMs)}</time>
        {answer.message}
      </p>
      {passed.length > 0 && <Scores decision={answer} passed={passed} />}
      {failed.length > 0 && (
        <table className="w-full border-collapse text-left">
          <caption className="pb-1 text-left font-medium">Nodes that a filter turned down</caption>
          <thead className="text-dim">
            <tr className="border-b border-line">
              {['Node', 'Filter', 'Its words'].map((title) => (
                <th key={title} scope="col" className="py-1 pr-3 font-normal">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {failed.map(({ node, rejection }) => (
              <tr key={node} className="border-b border-line align-top">
                <th scope="row" className="py-1 pr-3 font-normal whitespace-nowrap">
                  <Link id={`nodes/${node}`} />
                </th>
                <td className="py-1 pr-3">{rejection?.plugin}</td>
                <td className="min-w-40 py-1 break-words">{rejection?.reasons.join('; ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {answer.examined > answer.nodes.length && (
        <p className="text-dim">
          {answer.examined} nodes were looked at; the first {answer.nodes.length} are shown.
        </p>
      )}
    </div>
  );
}

function Scores(props: { readonly decision: SchedulingDecision; readonly passed: readonly Verdict[] }) {
  const { decision, passed } = props;
  const plugins = passed[0]?.scores ?? [];
  if (plugins.length === 0)
    return (
      <p>
        <Link id={`nodes/${passed[0]!.node}`} /> was the only node that would do, so none was scored.
      </p>
    );
  return (
    <div className="overflow-x-auto">
      <table className="border-collapse text-right">
        <caption className="pb-1 text-left font-medium">Nodes that would do, by their scores</caption>
        <thead className="text-dim">
          <tr className="border-b border-line">
            <th scope="col" className="py-1 pr-4 text-left font-normal">
              Node
            </th>
            <th scope="col" className="py-1 pr-4 font-normal">
              Total
            </th>
            {plugins.map(({ plugin, weight }) => (
              <th key={plugin} scope="col" className="py-1 pr-4 font-normal whitespace-nowrap">
                {plugin}
                {weight !== 1 && ` ×${weight}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="num">
          {passed.map(({ node, total, scores }) => (
            <tr
              key={node}
              className={`border-b border-line ${node === decision.node ? 'bg-accent/10 font-medium' : ''}`}
            >
              <th scope="row" className="py-1 pr-4 text-left font-normal whitespace-nowrap">
                <Link id={`nodes/${node}`} />
                {node === decision.node && <span className="ml-2">chosen</span>}
              </th>
              <td className="py-1 pr-4">{total}</td>
              {scores.map(({ plugin, score }) => (
                <td key={plugin} className="py-1 pr-4">
                  {score}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
