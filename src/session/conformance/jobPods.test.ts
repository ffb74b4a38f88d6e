import { beforeAll, describe, expect, test } from 'vitest';
import type { Job } from '#generated/types/batch.v1.ts';
import type { Pod } from '#generated/types/core.v1.ts';
import { Framework } from './testing/framework.ts';
import { inGroup } from './testing/pods.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

/** Fails unless a run of before left its mark in the pod's volume. Upstream: framework/job NewTestJob, "failOnce" */
const failOnce = 'if [ -r /data/foo ]; then exit 0; else touch /data/foo; exit 1; fi';
/** Never ends, unless a run of before left its mark. Upstream: "notTerminateOnce" */
const notTerminateOnce = 'if [ -r /data/foo ]; then exit 0; else touch /data/foo; sleep 1000000; fi';
let hostPaths = 0;
/** A volume that outlives its pods, on a node of its own choice. */
const onNode = () => ({
  nodeName: 'node-1',
  volumes: [{ name: 'data', hostPath: { path: `/tmp/job-${++hostPaths}`, type: 'DirectoryOrCreate' } }],
});

async function start(name: string, script: string, spec: object, podSpec: object = {}) {
  const core = await f.namespace();
  const container = {
    name: 'c',
    image: 'busybox:1.36',
    command: ['sh', '-c', script],
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
  const template = {
    metadata: { labels: { job: name } },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      volumes: [{ name: 'data', emptyDir: {} }],
      containers: [container],
      ...podSpec,
    },
  };
  const jobs = `${inGroup(core, '/apis/batch/v1')}/jobs`;
  f.create(jobs, {
    metadata: { name },
    spec: { parallelism: 2, completions: 4, backoffLimit: 6, template, ...spec },
  });
  const status = () => f.get(`${jobs}/${name}`).status as Job['status'] & object;
  return {
    status,
    core,
    pods: () => f.get(`${core}/pods`, { labelSelector: `job=${name}` }).items as unknown as readonly Pod[],
    condition: (type: string) =>
      status().conditions?.find((own) => own.type === type && own.status === 'True'),
  };
}

// Upstream: test/e2e/apps/job.go
describe('sig-apps/Job', () => {
  test('should allow to use the pod failure policy on exit code to fail the job early', async () => {
    const podFailurePolicy = {
      rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [1] } }],
    };
    const job = await start('policy-failjob', failOnce, {
      parallelism: 1,
      completions: 1,
      podFailurePolicy,
    });
    await f.until(() => job.condition('Failed') !== undefined);
    expect(job.condition('Failed')).toMatchObject({
      reason: 'PodFailurePolicy',
      message: expect.stringMatching(
        /^Container c for pod e2e-\d+\/policy-failjob-\w{5} failed with exit code 1 matching FailJob rule at index 0$/,
      ),
    });
    expect(job.pods()).toHaveLength(1);
  });

  test('should allow to use a pod failure policy to ignore failure matching on DisruptionTarget condition', async () => {
    const podFailurePolicy = {
      rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
    };
    const job = await start(
      'policy-ignore',
      notTerminateOnce,
      { parallelism: 1, completions: 1, backoffLimit: 0, podFailurePolicy },
      onNode(),
    );
    await f.until(() => job.pods()[0]?.status?.phase === 'Running');
    const [{ metadata: first }] = job.pods() as [Pod];
    await f.pass(2);
    f.create(`${job.core}/pods/${first.name}/eviction`, { metadata: { name: first.name } });
    await f.until(() => job.condition('Complete') !== undefined);
    expect(job.status()).toMatchObject({ succeeded: 1 });
    expect(job.status().failed, 'an ignored failure counts for nothing').toBeUndefined();
    expect(job.pods().map(({ metadata }) => metadata.name)).not.toContain(first.name);
  });

  test('should create pods for an Indexed job with completion indexes and specified hostname', async () => {
    const job = await start('indexed-job', 'exit 0', { completionMode: 'Indexed' });
    await f.until(() => job.condition('Complete') !== undefined);
    const index = ({ metadata }: Pod) => metadata.annotations?.['batch.kubernetes.io/job-completion-index'];
    const succeeded = job.pods().filter(({ status }) => status?.phase === 'Succeeded');
    expect(succeeded.map((pod) => `${index(pod)} ${pod.spec.hostname}`).toSorted()).toEqual(
      [0, 1, 2, 3].map((i) => `${i} indexed-job-${i}`),
    );
    expect(job.status()).toMatchObject({ succeeded: 4, completedIndexes: '0-3' });
  });

  test('should run a job to completion when tasks sometimes fail and are locally restarted', async () => {
    const job = await start('fail-once-local', failOnce, {}, { restartPolicy: 'OnFailure' });
    await f.until(() => job.condition('Complete') !== undefined);
    expect(job.status()).toMatchObject({ succeeded: 4 });
    const restarts = job.pods().map(({ status }) => status?.containerStatuses?.[0]?.restartCount);
    expect(restarts).toEqual([1, 1, 1, 1]);
  });
});
