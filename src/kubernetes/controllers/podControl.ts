// Upstream: pkg/controller/controller_utils.go RealPodControl
import type { Pod, PodTemplateSpec } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import type { KubeObject, New } from '#kubernetes/api/object.ts';
import { checkDns1123Subdomain, maskTrailingDash } from '#kubernetes/apimachinery/names.ts';
import { StatusError, isStatus } from '#kubernetes/apimachinery/statusError.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { controllerRefTo } from './controllerRef.ts';

/**
 * So many pods at most are created or deleted in one sync; what it leaves, the next one does. Upstream's bursts
 * are larger (500, for daemons 250), but there every call waits for its turn; here a sync is one event of the
 * simulation, and none of those may take longer than a few frames.
 */
export const podsPerSyncMax = 64;

/** Upstream: SlowStartInitialBatchSize. */
const slowStartInitialBatchSize = 1;

/** Who creates and deletes pods, and tells it as Events on their owner. */
export interface PodControl {
  readonly client: Client;
  readonly recorder: EventRecorder;
}

/** A pod as `template` describes it, owned by `owner`. It shares the template's spec (D4). */
export function podFromTemplate(template: PodTemplateSpec, owner: KubeObject): New<Pod> {
  const { namespace, name } = owner.metadata;
  const prefix = `${name}-`;
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const isTooLong = checkDns1123Subdomain(maskTrailingDash(prefix)).length > 0;
  return {
    metadata: {
      generateName: isTooLong ? name : prefix,
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerRefTo(owner)],
    },
    spec: template.spec!,
  };
}

/** Creates a pod for `owner` and says so; a failure is told too, and thrown on. */
export function createPod({ client, recorder }: PodControl, pod: New<Pod>, owner: KubeObject): Pod {
  try {
    const created = client.create(pods, pod);
    recorder.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
    return created;
  } catch (error) {
    if (error instanceof StatusError && !isNamespaceTerminating(error)) {
      recorder.event(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
    }
    throw error;
  }
}

/** Deletes a pod of `owner` and says so. One that is gone already is no failure: returns false. */
export function deletePod({ client, recorder }: PodControl, pod: Pod, owner: KubeObject): boolean {
  const { namespace = '', name } = pod.metadata;
  try {
    client.delete(pods, namespace, name);
    recorder.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
    return true;
  } catch (error) {
    if (isStatus(error, 'NotFound')) return false;
    if (error instanceof StatusError) {
      recorder.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`);
    }
    throw error;
  }
}

/** True when a create failed because its namespace is going away, where trying again is of no use. */
export function isNamespaceTerminating(error: unknown): boolean {
  return (
    error instanceof StatusError &&
    (error.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating')
  );
}

/**
 * Calls `create` up to `count` times in batches of 1, 2, 4 …; a batch with a failure is the last. So a pod that
 * cannot be created costs one try, not five hundred. Returns the successes and the first failure.
 */
export function slowStartBatch(
  count: number,
  create: () => void,
): { readonly successes: number; readonly failure: StatusError | null } {
  let successes = 0;
  let left = count;
  for (let size = Math.min(left, slowStartInitialBatchSize); size > 0; size = Math.min(2 * size, left)) {
    const failure = attemptAll(Array.from({ length: size }), () => {
      create();
      successes++;
    });
    if (failure !== null) return { successes, failure };
    left -= size;
  }
  return { successes, failure: null };
}

/** Calls `act` for each of `items`, whatever happens to the others; returns the first failure. */
export function attemptAll<T>(items: Iterable<T>, act: (item: T) => void): StatusError | null {
  let failure: StatusError | null = null;
  for (const item of items) {
    try {
      act(item);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      failure ??= error;
    }
  }
  return failure;
}
