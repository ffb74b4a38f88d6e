import { Play } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '#ui/parts/Button.tsx';
import { usePage, useSession, useStructure, useView } from '#ui/store/context.ts';

interface Hint {
  readonly words: string;
  readonly command: string;
}

const hints: Record<'nodes' | 'workloads' | 'network', Hint> = {
  nodes: { words: 'No pods yet.', command: 'kubectl create deployment web --image=nginx' },
  workloads: { words: 'No workloads yet.', command: 'kubectl create deployment web --image=nginx' },
  network: { words: 'No Services yet.', command: 'kubectl expose deployment web --port=80' },
};

/** What to do where there is nothing to see: one click does it. */
export function EmptyHint({ view }: { readonly view: 'nodes' | 'workloads' | 'network' }) {
  const { runCommand } = usePage();
  const structure = useStructure();
  // The inspector takes the room that the hint would need, and the legend its place.
  const covered = useView((state) => state.selected !== null || state.legendOpen);
  const phase = useSession((state) => state.phase);
  const hint = useMemo(() => {
    let [pods, services] = [0, 0];
    for (const row of structure.values()) {
      if (row.type === 'pod' && !row.system) pods += 1;
      if (row.type === 'workload' && row.kind === 'Service' && !isBuiltIn(row.id)) services += 1;
    }
    if (pods === 0) return view === 'network' ? hints.nodes : hints[view];
    return view === 'network' && services === 0 ? hints.network : null;
  }, [structure, view]);
  if (phase === 'starting')
    return (
      <p role="status" className="absolute inset-0 grid place-items-center text-dim">
        Starting the cluster …
      </p>
    );
  if (hint === null || phase !== 'running' || covered) return null;
  return (
    <div className="pointer-events-none absolute inset-x-3 bottom-14 flex justify-center">
      <div className="pointer-events-auto flex max-w-full flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border border-line-strong bg-panel py-2 pr-2 pl-4 shadow-(--shadow)">
        <span>
          {hint.words} <span className="text-dim">Try</span>
        </span>
        <Button
          look="primary"
          aria-label={`Run ${hint.command}`}
          className="h-auto min-h-8 max-w-full py-1 text-left whitespace-normal!"
          onClick={() => runCommand(hint.command)}
        >
          <Play aria-hidden="true" className="size-4 shrink-0" />
          <code className="min-w-0 font-mono break-words">{hint.command}</code>
        </Button>
      </div>
    </div>
  );
}

function isBuiltIn(id: string): boolean {
  return id === 'services/default/kubernetes' || id.startsWith('services/kube-system/');
}
