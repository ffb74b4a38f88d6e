import { formatRate, formatShare } from '#ui/parts/format.ts';
import { HealthMark } from '#ui/parts/HealthMark.tsx';
import { useSession, useTotals } from '#ui/store/context.ts';

/** The cluster's health in one line. It grows with the room there is. */
export function HealthLine() {
  const totals = useTotals();
  const milliRequests = useSession((state) => state.milliRequests);
  const milliErrors = useSession((state) => state.milliErrors);
  const errorShare = milliRequests === 0 ? 0 : milliErrors / milliRequests;
  return (
    <div className="flex min-w-0 items-center gap-x-3 gap-y-0.5 max-md:order-3 max-md:w-full max-md:justify-between max-md:px-1">
      <Figure
        health={totals.nodesReady === totals.nodes ? 'running' : 'failing'}
        value={`${totals.nodesReady}/${totals.nodes}`}
        unit="nodes"
        title="Nodes that are Ready"
      />
      <Figure
        health={totals.podsFailing > 0 ? 'failing' : totals.podsReady === totals.pods ? 'running' : 'pending'}
        value={`${totals.podsReady}/${totals.pods}`}
        unit="pods"
        title="Pods that are ready, of those that should be"
      />
      <span
        className="num hidden items-baseline gap-1 whitespace-nowrap @5xl:flex max-md:flex"
        title="Requests that the cluster serves in a second"
      >
        {formatRate(milliRequests)} <span className="text-dim">req/s</span>
      </span>
      <span
        className={`num hidden items-baseline gap-1 whitespace-nowrap @6xl:flex max-md:flex ${errorShare > 0.01 ? 'text-failing' : ''}`}
        title="Share of the requests that fail"
      >
        {formatShare(errorShare)} <span className={errorShare > 0.01 ? '' : 'text-dim'}>errors</span>
      </span>
    </div>
  );
}

function Figure(props: {
  readonly health: 'running' | 'pending' | 'failing';
  readonly value: string;
  readonly unit: string;
  readonly title: string;
}) {
  return (
    <span className="num flex items-center gap-1.5 whitespace-nowrap" title={props.title}>
      <HealthMark health={props.health} className="size-3.5" />
      <span>{props.value}</span>
      <span className="text-dim max-[1000px]:hidden max-md:inline">{props.unit}</span>
    </span>
  );
}
