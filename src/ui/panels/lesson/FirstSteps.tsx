import { usePage, useSession } from '#ui/store/context.ts';

interface FirstStep {
  readonly words: string;
  readonly command: string;
}

const firstSteps: readonly FirstStep[] = [
  { words: 'See the machines', command: 'kubectl get nodes' },
  { words: 'Run something', command: 'kubectl create deployment web --image=nginx' },
  { words: 'Ask for more of it', command: 'kubectl scale deployment web --replicas=5' },
  { words: 'Give it one address', command: 'kubectl expose deployment web --port=80' },
  { words: 'Break it, and watch it heal', command: 'kubectl delete pods -l app=web' },
];

/** Five commands to see what this is. Each can be run by a click, and is then seen in the terminal. */
export function FirstSteps() {
  const { runCommand } = usePage();
  const running = useSession((state) => state.phase === 'running');
  return (
    <>
      <div>
        <h3 className="text-lg font-semibold">A cluster of your own</h3>
        <p className="mt-1 leading-relaxed text-dim">
          A whole Kubernetes control plane runs in this page, simulated. Nothing you do here can cost anything
          or break anything that you cannot undo.
        </p>
      </div>
      <ol className="flex flex-col gap-2">
        {firstSteps.map((step, index) => (
          <li key={step.command}>
            <button
              type="button"
              disabled={!running}
              onClick={() => runCommand(step.command)}
              className="group w-full rounded-lg border border-line bg-sunken px-3 py-2 text-left transition-colors hover:border-accent disabled:opacity-50"
            >
              <span className="flex items-baseline gap-2">
                <span className="num text-dim">{index + 1}</span>
                <span className="font-medium">{step.words}</span>
                <span className="ml-auto text-accent opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100">
                  Run
                </span>
              </span>
              <code className="mt-1 block font-mono break-words text-dim">{step.command}</code>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}
