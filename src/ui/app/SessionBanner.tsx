import { Button } from '#ui/parts/Button.tsx';
import { usePage, useSession } from '#ui/store/context.ts';

/** What stands between the learner and a running session: a replay, a crash, a silence; each with a way out. */
export function SessionBanner() {
  const { session, startScenario } = usePage();
  const phase = useSession((state) => state.phase);
  const progress = useSession((state) => state.progress);
  const failure = useSession((state) => state.failure);
  if (phase === 'running' || phase === 'starting') return null;
  if (phase === 'replaying')
    return (
      <div
        role="status"
        className="flex shrink-0 items-center gap-3 border-b border-line bg-accent-wash px-4 py-2"
      >
        <span>Replaying the session’s inputs</span>
        <progress
          aria-label="Replayed"
          value={progress}
          max={1}
          className="h-2 max-w-80 flex-1 accent-(--accent)"
        />
        <span className="num w-12 text-right">{Math.round(progress * 100)}%</span>
        <Button onClick={() => session.cancel()}>Stop here</Button>
      </div>
    );
  return (
    <div
      role="alert"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-failing/50 bg-failing/12 px-4 py-2"
    >
      <strong className="font-semibold text-failing">
        {phase === 'crashed' ? 'The simulation stopped on a bug of ours.' : 'The simulation does not answer.'}
      </strong>
      <span className="min-w-0 flex-1 break-words text-dim">{failure}</span>
      <Button look="primary" onClick={() => recoverSession(session)}>
        Go back to before the last input
      </Button>
      <Button onClick={() => session.start({ ...recipeOf(session), inputs: [] })}>
        Start this scenario anew
      </Button>
      {recipeOf(session).scenario !== 'empty' && (
        <Button onClick={() => startScenario('empty')}>Start an empty cluster</Button>
      )}
    </div>
  );
}

type PageSession = ReturnType<typeof usePage>['session'];

function recipeOf(session: PageSession) {
  const { scenario, seed } = session.state.getState();
  return { scenario, seed };
}

/** A stopped worker cannot be asked; the page has kept every input that it recorded. */
function recoverSession(session: PageSession): void {
  session.start({ ...recipeOf(session), inputs: session.recordedInputs().slice(0, -1) });
}
