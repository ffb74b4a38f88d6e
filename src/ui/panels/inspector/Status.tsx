import type { ReactNode } from 'react';
import type { ContainerRow, NodeRow, PodRow, Row, WorkloadRow } from '#protocol/rows.ts';
import { formatAge, formatBytes, formatCpu, plural } from '#ui/parts/format.ts';
import { useSession, useStructure } from '#ui/store/context.ts';
import { Link } from './Link.tsx';
import { explainStatus } from './explainStatus.ts';

export function Status({ id, row }: { readonly id: string; readonly row: Row | undefined }) {
  const nowMs = useSession((state) => Math.floor(state.nowMs / 1000) * 1000);
  if (row === undefined)
    return (
      <p className="p-3 text-dim">It is gone: {id} has been deleted. Its cause trail may still be known.</p>
    );
  if (row.type === 'edge') return null;
  return (
    <div className="flex flex-col gap-3 p-3">
      <p className="max-w-prose leading-normal">{explainStatus(row)}</p>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1">
        {row.type === 'component' ? (
          row.node !== null && (
            <Fact term="On">
              <Link id={row.node} />
            </Fact>
          )
        ) : (
          <>
            {row.namespace !== '' && <Fact term="Namespace">{row.namespace}</Fact>}
            <Fact term="Age">{formatAge(nowMs - row.createdMs)}</Fact>
            {row.owner !== null && (
              <Fact term="Owned by">
                <Link id={row.owner} />
              </Fact>
            )}
            {row.type === 'pod' && <PodFacts pod={row} />}
            {row.type === 'node' && <NodeFacts node={row} />}
            {row.type === 'workload' && <WorkloadFacts workload={row} />}
            <Labels labels={row.labels} />
          </>
        )}
      </dl>
      {row.type === 'pod' && <Containers containers={row.containers} />}
    </div>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-dim">{term}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

function PodFacts({ pod }: { readonly pod: PodRow }) {
  return (
    <>
      <Fact term="Node">{pod.node === null ? 'none yet' : <Link id={pod.node} />}</Fact>
      {pod.address !== '' && <Fact term="Address">{pod.address}</Fact>}
      <Fact term="Uses">
        {formatCpu(pod.cpuUsed)} CPU, {formatBytes(pod.memoryUsed)} memory
      </Fact>
    </>
  );
}

function NodeFacts({ node }: { readonly node: NodeRow }) {
  const structure = useStructure();
  const pods = [...structure.values()].filter((row) => row.type === 'pod' && row.node === node.id);
  return (
    <>
      <Fact term="Roles">{node.roles}</Fact>
      {node.zone !== '' && <Fact term="Zone">{node.zone}</Fact>}
      <Fact term="Address">{node.address}</Fact>
      <Fact term="CPU">
        {formatCpu(node.cpu.used)} used, {formatCpu(node.cpu.requested)} requested,{' '}
        {formatCpu(node.cpu.allocatable)} allocatable
      </Fact>
      <Fact term="Memory">
        {formatBytes(node.memory.used)} used, {formatBytes(node.memory.requested)} requested,{' '}
        {formatBytes(node.memory.allocatable)} allocatable
      </Fact>
      {node.slowness > 1 && <Fact term="Speed">{node.slowness} times slower</Fact>}
      {node.taints.length > 0 && <Fact term="Taints">{node.taints.join(', ')}</Fact>}
      <Fact term="Pods">
        {pods.length} of at most {node.podsMax}
      </Fact>
    </>
  );
}

function WorkloadFacts({ workload }: { readonly workload: WorkloadRow }) {
  const structure = useStructure();
  const related = [...structure.values()].flatMap((row) => {
    if (row.type === 'edge' && row.from === workload.id) return [row.to];
    if (row.type === 'edge' && row.to === workload.id) return [row.from];
    return (row.type === 'pod' || row.type === 'workload') && row.owner === workload.id ? [row.id] : [];
  });
  return (
    <>
      {workload.revision > 0 && <Fact term="Revision">{workload.revision}</Fact>}
      {related.length > 0 && (
        <Fact term="Belongs to it">
          <span className="flex flex-wrap gap-x-4 gap-y-0.5">
            {related.slice(0, 40).map((id) => (
              <Link key={id} id={id} />
            ))}
            {related.length > 40 && <span className="text-dim">and {related.length - 40} more</span>}
          </span>
        </Fact>
      )}
    </>
  );
}

function Labels({ labels }: { readonly labels: Readonly<Record<string, string>> }) {
  const entries = Object.entries(labels);
  if (entries.length === 0) return null;
  return (
    <Fact term="Labels">
      <span className="flex flex-wrap gap-1.5">
        {entries.map(([key, value]) => (
          <code key={key} className="rounded border border-line bg-sunken px-1.5 font-mono break-all">
            {key}={value}
          </code>
        ))}
      </span>
    </Fact>
  );
}

function Containers({ containers }: { readonly containers: readonly ContainerRow[] }) {
  return (
    <table className="w-full border-collapse text-left">
      <caption className="pb-1 text-left font-semibold">{plural(containers.length, 'container')}</caption>
      <thead className="text-dim">
        <tr className="border-b border-line">
          {['Name', 'Image', 'State', 'Ready', 'Restarts'].map((title) => (
            <th key={title} scope="col" className="py-1 pr-3 font-normal">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {containers.map((container) => (
          <tr key={container.name} className="border-b border-line align-top">
            <td className="py-1 pr-3">{container.name}</td>
            <td className="py-1 pr-3 font-mono break-all">{container.image}</td>
            <td className="py-1 pr-3">{container.reason === '' ? container.state : container.reason}</td>
            <td className="py-1 pr-3">{container.ready ? 'yes' : 'no'}</td>
            <td className="num py-1">{container.restarts}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
