import { useMemo } from 'react';
import { formatCpu, formatBytes, plural } from '#ui/parts/format.ts';
import { HealthMark } from '#ui/parts/HealthMark.tsx';
import { KindIcon } from '#ui/parts/KindIcon.tsx';
import { usePage, useRow, useStructure, useView } from '#ui/store/context.ts';
import { inspect } from '#ui/store/view.ts';
import { groupLanes } from './grouping.ts';
import { buildModel } from './model.ts';

/** The graph in words: nodes with their pods, then what owns what. Everything in it can be opened. */
export function GraphTwin() {
  const structure = useStructure();
  const showSystem = useView((state) => state.showSystem);
  const { model, lanes } = useMemo(() => {
    const built = buildModel(structure.values(), { showSystem });
    return { model: built, lanes: groupLanes(built) };
  }, [structure, showSystem]);
  return (
    <div className="absolute inset-0 overflow-auto px-3 py-2" id="graph">
      <Heading>{plural(model.nodes.length, 'node')}</Heading>
      <ul>
        {model.nodes.map((node) => (
          <li key={node.id} className="mb-1 [contain-intrinsic-height:8rem] [content-visibility:auto]">
            <Line id={node.id} />
            <PodLines ids={(model.podsOfNode.get(node.id) ?? []).map((pod) => pod.id)} />
          </li>
        ))}
        {model.unscheduled.length > 0 && (
          <li className="mb-1">
            <span className="px-2 py-1 font-medium">Unscheduled: no node has them yet</span>
            <PodLines ids={model.unscheduled.map((pod) => pod.id)} />
          </li>
        )}
      </ul>
      <Heading>{plural(lanes.length, 'workload')}</Heading>
      <ul>
        {lanes.map((lane) => (
          <li key={lane.id} className="mb-1">
            {lane.root === null ? (
              <span className="px-2 font-medium">Pods without an owner</span>
            ) : (
              <Line id={lane.root.id} />
            )}
            <ul className="ml-4 border-l border-line pl-2">
              {lane.groups.map((group) => (
                <li key={group.id}>
                  {group.owner !== null && group.id !== lane.root?.id && <Line id={group.id} />}
                  <PodLines ids={group.pods.map((pod) => pod.id)} />
                </li>
              ))}
              {[...lane.scalers, ...lane.services].map((row) => (
                <li key={row.id}>
                  <Line id={row.id} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {model.components.length > 0 && (
        <>
          <Heading>Components</Heading>
          <ul className="flex flex-wrap gap-x-4">
            {model.components.map((component) => (
              <li key={component.id}>
                <Line id={component.id} />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Heading({ children }: { readonly children: React.ReactNode }) {
  return <h2 className="mt-2 mb-1 font-semibold text-dim first:mt-0">{children}</h2>;
}

function PodLines({ ids }: { readonly ids: readonly string[] }) {
  if (ids.length === 0) return null;
  return (
    <ul className="ml-4 border-l border-line pl-2">
      {ids.map((id) => (
        <li key={id}>
          <Line id={id} />
        </li>
      ))}
    </ul>
  );
}

function Line({ id }: { readonly id: string }) {
  const row = useRow(id);
  const { view } = usePage();
  const selected = useView((state) => state.selected === id);
  if (row === undefined || row.type === 'edge') return null;
  const running = row.type === 'component' && row.running;
  const kind =
    row.type === 'workload' ? row.kind : row.type === 'pod' ? 'Pod' : row.type === 'node' ? 'Node' : '';
  return (
    <button
      type="button"
      aria-current={selected ? 'true' : undefined}
      onClick={() => inspect(view, id)}
      className="flex w-full min-w-0 items-center gap-2 rounded-md px-2 py-0.5 text-left hover:bg-raised aria-[current]:bg-accent-wash"
    >
      {kind !== '' && <KindIcon kind={kind} className="size-4 text-dim" />}
      <span className="truncate">{row.name}</span>
      {kind !== '' && kind !== 'Pod' && kind !== 'Node' && <span className="text-dim">{kind}</span>}
      {row.type === 'node' && (
        <span className="num text-dim max-md:hidden">
          CPU {formatCpu(row.cpu.requested)} of {formatCpu(row.cpu.allocatable)}, memory{' '}
          {formatBytes(row.memory.requested)} of {formatBytes(row.memory.allocatable)} requested
        </span>
      )}
      <span className="ml-auto flex shrink-0 items-center gap-1.5">
        <HealthMark
          health={row.type === 'component' ? (running ? 'running' : 'failing') : row.health}
          className="size-3.5"
        />
        {row.type === 'component' ? (running ? 'running' : 'stopped') : row.status}
      </span>
    </button>
  );
}
