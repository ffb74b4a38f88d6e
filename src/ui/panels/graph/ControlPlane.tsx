import type { NodeProps } from '@xyflow/react';
import { Fragment, memo, useEffect, useMemo, useRef } from 'react';
import { usePage, useRow, useStructure, useView } from '#ui/store/context.ts';
import { inspect } from '#ui/store/view.ts';
import { useBand } from './band.ts';
import type { ControlPlaneFlow } from './flowTypes.ts';
import { componentsLitBy } from './lit.ts';
import { controlPlaneComponents } from './model.ts';

/** How long a component stays lit after a request has passed. */
const litMs = 380;

const apiServer = 'kube-apiserver';

/** The control plane's components; each lights up as a request passes it. */
export const ControlPlane = memo(function ControlPlane({ data }: NodeProps<ControlPlaneFlow>) {
  const { session } = usePage();
  const band = useBand();
  const structure = useStructure();
  const element = useRef<HTMLDivElement>(null);
  const components = useMemo(() => {
    const rows = [...structure.values()]
      .flatMap((row) => (row.type === 'component' ? [row] : []))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    return controlPlaneComponents.flatMap((name) => {
      const ids = rows.filter((row) => row.name === name).map((row) => row.id);
      return ids.length === 0 ? [] : [{ name, ids }];
    });
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
      {band !== 'far' && (
        <span className="flex h-[26px] items-center gap-2 whitespace-nowrap">
          <span className="font-semibold">Control plane</span>
          <span className="truncate text-[0.93em] text-dim">lit when a request passes</span>
        </span>
      )}
      <span className="flex flex-wrap content-start gap-1.5 overflow-hidden">
        {/* From far letters are large, and the components need three lines. */}
        {band === 'far' && <span className="font-semibold whitespace-nowrap">Control plane</span>}
        {components.map(({ name, ids }) => (
          <Fragment key={name}>
            {/* A request goes through the API server before it reaches the store. */}
            {name === 'etcd' && !hasApiServer && <ApiServerLight />}
            {ids.length === 1 ? (
              <ComponentLight id={ids[0]!} text={shortName(name)} />
            ) : (
              <span className="inline-flex items-center gap-1">
                <span className="w-[9.5em] whitespace-nowrap">{shortName(name)}</span>
                {ids.map((id, at) => (
                  <ComponentLight key={id} id={id} text={String(at + 1)} />
                ))}
              </span>
            )}
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

function shortName(name: string): string {
  return name.replace(/^kube-/u, '');
}

/** A component, or one node's of several. */
function ComponentLight({ id, text }: { readonly id: string; readonly text: string }) {
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
      aria-label={`Component ${row.name}${row.node === null ? '' : ` on ${row.node.replace('nodes/', '')}`}, ${row.running ? 'running' : 'stopped'}`}
      onClick={() => inspect(view, id)}
      className={`nodrag component ${row.running ? '' : 'component-stopped'}`}
    >
      {text}
      {!row.running && <span className="font-semibold">stopped</span>}
    </button>
  );
}
