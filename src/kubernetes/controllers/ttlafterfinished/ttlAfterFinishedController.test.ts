import { expect, test } from 'vitest';
import type { Job } from '#generated/types/batch.v1.ts';
import { jobs } from '#kubernetes/api/batch/job.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { TestCluster } from '../testCluster.ts';
import { garbageCollectorController } from '../garbagecollector/garbageCollectorController.ts';
import { ttlAfterFinishedController } from './ttlAfterFinishedController.ts';

function clusterWith(ttlSecondsAfterFinished?: number): TestCluster {
  const cluster = new TestCluster([ttlAfterFinishedController, garbageCollectorController]);
  cluster.client.create<Job>(jobs, {
    metadata: { name: 'once', namespace: 'default' },
    spec: {
      ...(ttlSecondsAfterFinished !== undefined && { ttlSecondsAfterFinished }),
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'busybox' }] } },
    },
  });
  return cluster;
}

function finish(cluster: TestCluster, type: string): void {
  const lastTransitionTime = formatTime(cluster.simulation.nowMs);
  const job = cluster.get(jobs, 'once');
  const conditions = [{ type, status: 'True', lastTransitionTime }];
  const status = {
    ...job.status,
    conditions,
    startTime: lastTransitionTime,
    ...(type === 'Complete' && { completionTime: lastTransitionTime }),
  };
  cluster.client.updateStatus(jobs, { ...job, status });
}

test.each<[number | undefined, string, number, boolean]>([
  [100, 'Complete', 98_000, true],
  [100, 'Complete', 102_000, false],
  [100, 'Failed', 102_000, false],
  [0, 'Complete', 1000, false],
  [100, 'Suspended', 1_000_000, true],
  [undefined, 'Complete', 1_000_000, true],
])('a job with a ttl of %s s, %s, %i ms later: there %s', (ttl, type, ms, isThere) => {
  const cluster = clusterWith(ttl);
  finish(cluster, type);
  cluster.run(ms);
  expect(cluster.has(jobs, 'once')).toBe(isThere);
});
