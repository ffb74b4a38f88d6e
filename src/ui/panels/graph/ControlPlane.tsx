import type { NodeProps } from '@xyflow/react';
import { Fragment, memo, useEffect, useMemo, useRef } from 'react';
import { usePage, useRow, useStructure, useView } from '#ui/store/context.ts';
import { inspect } from '#ui/store/view.ts';
import type { ControlPlaneFlow } from './flowTypes.ts';
import { componentsLitBy } from './lit.ts';

/** How long a component stays lit after a request has passed. */
const litMs = 380;

/** In the order of a request: who asks, who answers, who keeps. */
const apiServer = 'kube-apiserver';
const order = ['kube-scheduler', 'kube-controller-manager', 'cloud-controller-manager', apiServer, 'etcd'];

/** The control plane's components; each lights up as a request passes it. */
export const ControlPlane = memo(function ControlPlane({ data }: NodeProps<ControlPlaneFlow>) {
  const { session } = usePage();
  const structure = useStructure();
  const element = useRef<HTMLDivElement>(null);
  const components = useMemo(() => {
    return [...structure.values()]
      .flatMap((row) => (row.type === 'component' && order.includes(row.name) ? [row] : []))
      .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name) || (a.id < b.id ? -1 : 1));
  }, [structure]);

  const hasApiServer = components.some((component) => component.name === apiServer);

  useEffect(() => {
    const litUntil = new Map<string, number>();
    let seen = session.activity.rows.at(-1)?.sequence ?? 0;
    return session.activity.subscribe(() => {
      const now = performance.now();
      const names = new Set<string>();
      for (let at = session.activity.rows.length - 1; at >= 0; at -= 1) {
        const row = session.activity.rows[at];
        if (row === undefined || row.sequence <= seen || names.size > 4) break;
        for (const name of componentsLitBy(row)) names.add(name);
      }
      seen = session.activity.rows.at(-1)?.sequence ?? seen;
      for (const name of names) {
        if ((litUntil.get(name) ?? 0) > now) continue;
        litUntil.set(name, now + litMs);
        for (const light of element.current?.querySelectorAll(`[data-component="${name}"]`) ?? [])
          light.animate([{ backgroundColor: 'var(--accent)', color: 'var(--accent-ink)' }, {}], {
            duration: litMs,
          });
      }
    });
  }, [session]);

  return (
    <div
      ref={element}
      className="graph-box graph-band flex flex-col gap-2 overflow-hidden px-3 pt-2"
      style={{ width: data.box.width, height: data.box.height }}
    >
      <span className="flex h-[26px] items-center gap-2 whitespace-nowrap">
        <span className="font-semibold">Control plane</span>
        <span className="truncate text-[0.93em] text-dim">lit when a request passes</span>
      </span>
      <span className="flex flex-wrap content-start gap-1.5 overflow-hidden">
        {components.map((component) => (
          <Fragment key={component.id}>
            {/* A request goes through the API server before it reaches the store. */}
            {component.name === 'etcd' && !hasApiServer && <ApiServerLight />}
            <ComponentLight id={component.id} />
          </Fragment>
        ))}
      </span>
    </div>
  );
});

/** The API server answers always, so it is no component that can be stopped; its pod is there to be looked at. */
function ApiServerLight() {
  const structure = useStructure();
  const { view } = usePage();
  const pod = useMemo(
    () =>
      [...structure.values()].find(
        (row) => row.type === 'pod' && row.system && row.name.startsWith(apiServer),
      ),
    [structure],
  );
  if (pod === undefined) return null;
  return (
    <button
      type="button"
      data-graph-item={pod.id}
      data-component={apiServer}
      tabIndex={-1}
      aria-label="Component kube-apiserver, running"
      onClick={() => inspect(view, pod.id)}
      className="nodrag component"
    >
      apiserver
    </button>
  );
}

function ComponentLight({ id }: { readonly id: string }) {
  const row = useRow(id);
  const { view } = usePage();
  const selected = useView((state) => state.selected === id);
  if (row?.type !== 'component') return null;
  return (
    <button
      type="button"
      data-graph-item={id}
      data-component={row.name}
      data-selected={selected || undefined}
      tabIndex={-1}
      aria-label={`Component ${row.name}, ${row.running ? 'running' : 'stopped'}`}
      onClick={() => inspect(view, id)}
      className={`nodrag component ${row.running ? '' : 'component-stopped'}`}
    >
      {row.name.replace(/^kube-/u, '')}
      {!row.running && <span className="font-semibold">stopped</span>}
    </button>
  );
}
