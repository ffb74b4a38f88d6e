import type { Lease } from '#generated/types/coordination.v1.ts';
import type { Transport } from '#kubernetes/api/request.ts';
import type { RepeatedWrites } from '#kubernetes/apiserver/repeatedWrites.ts';
import { newUid } from '#kubernetes/apiserver/uid.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { LeaderElector } from '#kubernetes/client/leaderElector.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { Elect } from './electedComponent.ts';
import { componentUser } from './users.ts';

/** What the components of one control plane node are elected with. */
export function leaderElection(options: {
  readonly simulation: Simulation;
  /** The way from the node to the API. */
  readonly transport: Transport;
  readonly writes: RepeatedWrites;
  /** Ends a component's process, which its kubelet starts again. */
  exit(name: string, exitCode: number): void;
}): Elect {
  const { simulation, transport, writes, exit } = options;
  return ({ name, node, isLeading, lead }) => {
    const user = componentUser(name);
    const client = new Client(transport, user, name);
    const author = { manager: name, userOf: () => user.name };
    const isScheduler = name === 'kube-scheduler';
    const elector = new LeaderElector({
      simulation,
      client,
      recorder: new EventRecorder(simulation, client, isScheduler ? 'default-scheduler' : name),
      name,
      identity: `${node}_${newUid(simulation.random('leader-identities'))}`,
      isLeading,
      // Upstream: cmd/kube-scheduler/app/options; kube-controller-manager only with a feature that is off.
      releasesOnStop: isScheduler,
      repeat: (lease: Lease) => writes.renewals([lease], author),
      startedLeading: lead,
      stoppedLeading: () => exit(name, 1),
    });
    elector.start();
    return () => elector.stop();
  };
}
