import type { Lease } from '#generated/types/coordination.v1.ts';
import type { Transport } from '#kubernetes/api/request.ts';
import type { RepeatedWrites } from '#kubernetes/apiserver/repeatedWrites.ts';
import { klogHeader } from '#kubernetes/apimachinery/klog.ts';
import { newUid } from '#kubernetes/apiserver/uid.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { LeaderElector } from '#kubernetes/client/leaderElector.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { LogLine } from './controlPlaneNode.ts';
import type { Elect } from './electedComponent.ts';
import { componentUser } from './users.ts';

/** What each prints when it has lost the lease, and where that stands. */
const lostLines = {
  'kube-scheduler': ['server.go:320', '"Leaderelection lost"'],
  'kube-controller-manager': ['controllermanager.go:368', '"leaderelection lost"'],
} as const;

/** What the components of one control plane node are elected with. */
export function leaderElection(options: {
  readonly simulation: Simulation;
  /** The way from the node to the API. */
  readonly transport: Transport;
  readonly writes: RepeatedWrites;
  /** Appends to a component's log. */
  log(name: string, line: LogLine): void;
  /** Ends a component's process, which its kubelet starts again. */
  exit(name: string, exitCode: number): void;
}): Elect {
  const { simulation, transport, writes, exit, log } = options;
  return ({ name, node, isLeading, lead }) => {
    const user = componentUser(name);
    const client = new Client(transport, user, name);
    const author = { manager: name, userOf: () => user.name };
    const isScheduler = name === 'kube-scheduler';
    const print = (severity: 'I' | 'E', source: string, line: string) =>
      log(name, (atMs) => `${klogHeader(severity, atMs, 1, source)}${line}\n`);
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
      log: print,
      stoppedLeading() {
        const [source, line] = lostLines[isScheduler ? 'kube-scheduler' : 'kube-controller-manager'];
        print('E', source, line);
        exit(name, 1);
      },
    });
    elector.start();
    return () => elector.stop();
  };
}
