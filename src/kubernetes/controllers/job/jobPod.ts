// Upstream: pkg/controller/job/{job_controller,tracking_utils}.go, the questions about one pod
import type { Job } from '#generated/types/batch.v1.ts';
import type { Container, EnvVar, Pod, PodTemplateSpec } from '#generated/types/core.v1.ts';
import type { New } from '#kubernetes/api/object.ts';
import { podFromTemplate } from '../podControl.ts';
import { completionIndexAnnotation } from './completionIndexes.ts';

/** Holds a pod until its end is counted in the job's status. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';

export function isTracked({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(trackingFinalizer) ?? false;
}

/** True where only pods that have failed are replaced, not those that still terminate. */
export function replacesOnlyFailed({ spec }: Job): boolean {
  return spec.podReplacementPolicy === 'Failed';
}

/** A pod that is being deleted counts as failed already, unless the job waits for its end. */
export function hasFailed(pod: Pod, job: Job): boolean {
  if (pod.status.phase === 'Failed') return true;
  if (replacesOnlyFailed(job)) return false;
  return pod.metadata.deletionTimestamp !== undefined && pod.status.phase !== 'Succeeded';
}

/** When the last container of a pod ended; by its deletion or creation where that is not known. */
export function finishMs({ metadata, status }: Pod): number {
  const ends = (status.containerStatuses ?? []).map(({ state }) =>
    Date.parse(state?.terminated?.finishedAt ?? ''),
  );
  if (ends.length > 0 && ends.every((end) => !Number.isNaN(end))) return Math.max(...ends);
  const ready = status.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime;
  if (ready !== undefined) return Date.parse(ready);
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = metadata;
  if (deletionTimestamp === undefined) return Date.parse(creationTimestamp);
  return Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
}

/** The pod that a job creates, for one index of an indexed job, with what its former pods make it say. */
export function jobPodOf(
  job: Job,
  index: number | undefined,
  annotations?: Readonly<Record<string, string>>,
): New<Pod> {
  const template = index === undefined ? job.spec.template : indexedTemplate(job, index);
  const pod = podFromTemplate(template, job);
  const finalizers = [...(pod.metadata.finalizers ?? []), trackingFinalizer];
  const generateName = index === undefined ? pod.metadata.generateName : `${job.metadata.name}-${index}-`;
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      ...(generateName && { generateName }),
      ...(annotations && { annotations: { ...pod.metadata.annotations, ...annotations } }),
      finalizers,
    },
  };
}

const indexVariable: EnvVar = {
  name: 'JOB_COMPLETION_INDEX',
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${completionIndexAnnotation}']` } },
};

function indexedTemplate(job: Job, index: number): PodTemplateSpec {
  const { metadata = {}, spec } = job.spec.template;
  const mark = { [completionIndexAnnotation]: String(index) };
  const withIndex = (container: Container): Container =>
    container.env?.some(({ name }) => name === indexVariable.name)
      ? container
      : { ...container, env: [...(container.env ?? []), indexVariable] };
  return {
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, ...mark },
      labels: { ...metadata.labels, ...mark },
    },
    spec: {
      ...spec!,
      hostname: `${job.metadata.name}-${index}`,
      containers: spec!.containers.map(withIndex),
      ...(spec!.initContainers && { initContainers: spec!.initContainers.map(withIndex) }),
    },
  };
}
