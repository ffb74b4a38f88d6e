import type { Process, Program } from '#world/machine/program.ts';
import { ask as askApi, messageOf } from './apiAccess.ts';
import { defineImage, mb } from './image.ts';

/** Between two looks at all training jobs; it keeps no watch open. */
const resyncMs = 3_000;
const jobsPath = '/apis/batch/v1';
const ownPath = '/apis/ml.example.com/v1';

interface TrainingJob {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly spec: {
    readonly algorithm: string;
    readonly image: string;
    readonly inputData: { readonly source: string };
    readonly encryptVolumes?: boolean;
    readonly retries?: number;
    readonly replicas?: number;
    readonly livenessProbePeriodSeconds?: number;
  };
  readonly status?: { readonly phase?: string; readonly succeeded?: number };
}

interface Job {
  readonly spec: { readonly completions?: number };
  readonly status?: {
    readonly active?: number;
    readonly succeeded?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

/**
 * An operator: it looks at TrainingJobs through the API, with its own service account as any program in a pod, makes a
 * Job for each, and tells in the status how it fares. What it may not do, RBAC refuses, and its log says so.
 */
const manager: Program = async (process) => {
  await log(process, 'starting manager, for trainingjobs.ml.example.com');
  for (;;) {
    await reconcileAll(process);
    await process.sleep(resyncMs);
  }
};

async function reconcileAll(process: Process): Promise<void> {
  const list = await ask(process, 'GET', `${ownPath}/trainingjobs`);
  if (list.status >= 400) return await log(process, `cannot list trainingjobs: ${messageOf(list)}`);
  for (const training of (list.body as { items: readonly TrainingJob[] }).items) {
    await reconcile(process, training);
  }
}

async function reconcile(process: Process, training: TrainingJob): Promise<void> {
  const { name, namespace } = training.metadata;
  const found = await ask(process, 'GET', `${jobsPath}/namespaces/${namespace}/jobs/${name}`);
  if (found.status === 404) {
    const made = await ask(process, 'POST', `${jobsPath}/namespaces/${namespace}/jobs`, jobFor(training));
    const outcome = made.status < 400 ? 'created job' : `cannot create job: ${messageOf(made)}`;
    await log(process, `${namespace}/${name}: ${outcome}`);
    if (made.status < 400) await tell(process, training, { phase: 'Pending', succeeded: 0 });
    return;
  }
  if (found.status < 400) await tell(process, training, statusOf(found.body as Job));
  else await log(process, `${namespace}/${name}: cannot read job: ${messageOf(found)}`);
}

function statusOf({ status = {} }: Job): { phase: string; succeeded: number } {
  const isTrue = (type: string) =>
    status.conditions?.some((one) => one.type === type && one.status === 'True');
  const phase = isTrue('Complete')
    ? 'Succeeded'
    : isTrue('Failed')
      ? 'Failed'
      : (status.active ?? 0) > 0
        ? 'Running'
        : 'Pending';
  return { phase, succeeded: status.succeeded ?? 0 };
}

/** Writes the status, when it says something new. */
async function tell(
  process: Process,
  { metadata, status }: TrainingJob,
  next: { phase: string; succeeded: number },
): Promise<void> {
  if (status?.phase === next.phase && status.succeeded === next.succeeded) return;
  const { name, namespace } = metadata;
  const path = `${ownPath}/namespaces/${namespace}/trainingjobs/${name}/status`;
  const written = await ask(process, 'PATCH', path, { status: next });
  const outcome = written.status < 400 ? next.phase : `cannot write status: ${messageOf(written)}`;
  await log(process, `${namespace}/${name}: ${outcome}`);
}

/** The Job that trains: as many pods as there are replicas, each told of its algorithm and its data. */
function jobFor({ apiVersion, kind, metadata, spec }: TrainingJob): unknown {
  const { name, namespace, uid } = metadata;
  const { replicas = 1, retries = 3, livenessProbePeriodSeconds: periodSeconds } = spec;
  const owner = { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
  const container = {
    name: 'train',
    image: spec.image,
    env: [
      { name: 'ALGORITHM', value: spec.algorithm },
      { name: 'INPUT_DATA', value: spec.inputData.source },
    ],
    ...(periodSeconds !== undefined && {
      livenessProbe: { exec: { command: ['cat', '/app/train.py'] }, periodSeconds },
    }),
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace, labels: { 'ml.example.com/training-job': name }, ownerReferences: [owner] },
    spec: {
      completions: replicas,
      parallelism: replicas,
      backoffLimit: retries,
      template: {
        metadata: { labels: { 'ml.example.com/training-job': name } },
        spec: { restartPolicy: 'Never', containers: [container] },
      },
    },
  };
}

/** A request as this operator. */
const ask = (process: Process, method: string, path: string, body?: unknown) =>
  askApi(process, 'training-operator', method, path, body);

function log(process: Process, text: string): Promise<void> {
  const time = new Date(process.simulation.nowMs).toISOString();
  return process.stdout.write(`${time}\tINFO\t${text}\n`);
}

/** Runs TrainingJobs (`ml.example.com/v1`), as the scenario "training-operator" defines them. */
export const trainingOperator = defineImage({
  name: 'podarium/training-operator',
  tags: ['latest', '1.0'],
  sizeBytes: 54 * mb,
  entrypoint: ['manager'],
  programs: new Map([['manager', manager]]),
});
