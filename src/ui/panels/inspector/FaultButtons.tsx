import { Gauge, Plug, Power, PowerOff, RotateCw, Skull, Turtle, Unplug } from 'lucide-react';
import type { Fault } from '#classroom/recipe.ts';
import type { Row } from '#protocol/rows.ts';
import { Button } from '#ui/parts/Button.tsx';
import { usePage } from '#ui/store/context.ts';
import { announce } from '#ui/store/view.ts';

/** How many times slower the page makes a node: enough for probes to time out. */
const slowness = 50;

interface Offer {
  readonly words: string;
  readonly said: string;
  readonly icon: typeof Power;
  readonly look: 'danger' | 'quiet';
  readonly fault: Fault;
}

/** What can be broken, and mended again. */
export function FaultButtons({ row }: { readonly row: Row }) {
  const { session, view } = usePage();
  return offersOf(row).map((offer) => (
    <Button
      key={offer.words}
      look={offer.look}
      onClick={() => {
        session.input({ type: 'fault', fault: offer.fault });
        announce(view, offer.said);
      }}
    >
      <offer.icon aria-hidden="true" className="size-4" /> {offer.words}
    </Button>
  ));
}

function offersOf(row: Row): Offer[] {
  if (row.type === 'pod')
    return [
      {
        words: 'Kill',
        said: `Killed ${row.name}. Watch what comes in its place.`,
        icon: Skull,
        look: 'danger',
        fault: { type: 'killPod', namespace: row.namespace, name: row.name },
      },
    ];
  if (row.type === 'node') {
    const up = row.health === 'running';
    return [
      {
        words: up ? 'Stop node' : 'Start node',
        said: up
          ? `Stopped ${row.name}. The control plane notices when its heartbeat is late.`
          : `Started ${row.name}.`,
        icon: up ? PowerOff : Power,
        look: up ? 'danger' : 'quiet',
        fault: { type: up ? 'stopNode' : 'startNode', node: row.name },
      },
      {
        words: up ? 'Cut off' : 'Reconnect',
        said: up
          ? `Cut ${row.name} off from the network. What runs on it goes on.`
          : `${row.name} is on the network.`,
        icon: up ? Unplug : Plug,
        look: up ? 'danger' : 'quiet',
        fault: { type: up ? 'partitionNode' : 'healNode', node: row.name },
      },
      {
        words: row.slowness === 1 ? 'Slow down' : 'Full speed',
        said:
          row.slowness === 1
            ? `${row.name} takes ${slowness} times as long for everything now. It stays Ready.`
            : `${row.name} has its full speed again.`,
        icon: row.slowness === 1 ? Turtle : Gauge,
        look: row.slowness === 1 ? 'danger' : 'quiet',
        fault: { type: 'slowNode', node: row.name, factor: row.slowness === 1 ? slowness : 1 },
      },
      {
        words: 'Reboot',
        said: `${row.name} reboots.`,
        icon: RotateCw,
        look: 'quiet',
        fault: { type: 'rebootNode', node: row.name },
      },
    ];
  }
  if (row.type !== 'component') return [];
  const node = row.node === null ? null : row.node.slice(row.node.indexOf('/') + 1);
  return [
    {
      words: row.running ? 'Stop' : 'Start',
      said: `${row.running ? 'Stopped' : 'Started'} ${row.name}.`,
      icon: row.running ? PowerOff : Power,
      look: row.running ? 'danger' : 'quiet',
      fault: { type: row.running ? 'stopComponent' : 'startComponent', component: row.name, node },
    },
  ];
}
