// Upstream: kubectl/pkg/cmd/rollout/rollout_status.go, kubectl/pkg/polymorphichelpers/rollout_status.go
import type { DaemonSet, Deployment, StatefulSet } from '#generated/types/apps.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { Timeout } from '../../apiStream.ts';
import type { Command } from '../../command.ts';
import { CommandError, throwAll } from '../../errors.ts';
import { bool, duration, int } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';
import { assertBuiltIn, groupKindOf } from '../../replicaSets.ts';
import type { Target } from '../../target.ts';
import { weekMs } from '../../waitUntilGone.ts';
import { rolloutFlags, rolloutTargets } from './rolloutTargets.ts';

export const rolloutStatus: Command = {
  name: 'status',
  summary: 'Show the status of the rollout',
  examples: [['Watch the rollout status of a deployment', 'kubectl rollout status deployment/nginx']],
  usage: 'rollout status (TYPE NAME | TYPE/NAME) [flags]',
  arguments: 'resources',
  flags: [
    ...rolloutFlags,
    int('revision', 'Pin to a specific revision for showing its status. Defaults to 0 (last revision).'),
    duration('timeout', 'The length of time to wait before ending watch, zero means never.'),
    bool('watch', "Watch the status of the rollout until it's done.", { short: 'w', initial: 'true' }),
  ],
  async run(invocation) {
    const { targets, errors } = await rolloutTargets(invocation);
    for (const target of targets) await follow(invocation, target);
    throwAll(errors);
  },
};

interface Progress {
  readonly message: string;
  readonly done: boolean;
}

async function follow(invocation: Invocation, { resource, namespace, name, object }: Target): Promise<void> {
  const { flags, client } = invocation;
  const revision = flags.int('revision');
  if (!flags.bool('watch')) return await invocation.out(progressOf(object, revision).message);
  const deadlineMs = invocation.nowMs + (flags.durationMs('timeout') || weekMs);
  const query = { fieldSelector: `metadata.name=${name}`, resourceVersion: '0' };
  try {
    for await (const { type, object: seen } of client.watch(resource, namespace, query, { deadlineMs })) {
      if (type === 'DELETED') throw new CommandError('object has been deleted');
      const { message, done } = progressOf(seen, revision);
      await invocation.out(message);
      if (done) return;
    }
  } catch (error) {
    throw error instanceof Timeout ? new CommandError('timed out waiting for the condition') : error;
  }
}

function progressOf(object: KubeObject, revision: number): Progress {
  assertBuiltIn(object);
  const viewers: Readonly<Record<string, () => Progress>> = {
    Deployment: () => deploymentProgress(object as Deployment, revision),
    DaemonSet: () => daemonSetProgress(object as DaemonSet),
    StatefulSet: () => statefulSetProgress(object as StatefulSet),
  };
  const viewer = viewers[object.kind];
  if (!viewer) throw new CommandError(`no status viewer has been implemented for ${groupKindOf(object)}`);
  return viewer();
}

const waiting = (message: string): Progress => ({ message: `${message}\n`, done: false });
const finished = (message: string): Progress => ({ message: `${message}\n`, done: true });

function deploymentProgress({ metadata, spec, status }: Deployment, revision: number): Progress {
  const running = Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
  if (revision > 0 && revision !== running) {
    throw new CommandError(
      `desired revision (${revision}) is different from the running revision (${running})`,
    );
  }
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0))
    return waiting('Waiting for deployment spec update to be observed...');
  const name = JSON.stringify(metadata.name);
  if (
    status.conditions?.some(
      ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
    )
  ) {
    throw new CommandError(`deployment ${name} exceeded its progress deadline`);
  }
  const { replicas: total = 0, updatedReplicas: updated = 0, availableReplicas: available = 0 } = status;
  const prefix = `Waiting for deployment ${name} rollout to finish:`;
  const wanted = spec.replicas ?? 1;
  if (updated < wanted)
    return waiting(`${prefix} ${updated} out of ${wanted} new replicas have been updated...`);
  if (total > updated) return waiting(`${prefix} ${total - updated} old replicas are pending termination...`);
  if (available < updated)
    return waiting(`${prefix} ${available} of ${updated} updated replicas are available...`);
  return finished(`deployment ${name} successfully rolled out`);
}

function daemonSetProgress({ metadata, spec, status }: DaemonSet): Progress {
  if (spec.updateStrategy?.type !== 'RollingUpdate')
    throw new CommandError('rollout status is only available for RollingUpdate strategy type');
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0))
    return waiting('Waiting for daemon set spec update to be observed...');
  const name = JSON.stringify(metadata.name);
  const {
    desiredNumberScheduled: wanted,
    updatedNumberScheduled: updated = 0,
    numberAvailable: available = 0,
  } = status;
  const prefix = `Waiting for daemon set ${name} rollout to finish:`;
  if (updated < wanted) return waiting(`${prefix} ${updated} out of ${wanted} new pods have been updated...`);
  if (available < wanted) return waiting(`${prefix} ${available} of ${wanted} updated pods are available...`);
  return finished(`daemon set ${name} successfully rolled out`);
}

function statefulSetProgress({ metadata, spec, status }: StatefulSet): Progress {
  if (spec.updateStrategy?.type !== 'RollingUpdate')
    throw new CommandError('rollout status is only available for RollingUpdate strategy type');
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0))
    return waiting('Waiting for statefulset spec update to be observed...');
  const wanted = spec.replicas ?? 1;
  const { readyReplicas: ready = 0, updatedReplicas: updated = 0 } = status;
  if (ready < wanted) return waiting(`Waiting for ${wanted - ready} pods to be ready...`);
  const partition = spec.updateStrategy.rollingUpdate?.partition;
  // The server always says a partition: 0 is one too.
  if (partition !== undefined) {
    if (updated < wanted - partition) {
      return waiting(
        `Waiting for partitioned roll out to finish: ${updated} out of ${wanted - partition} new pods have been updated...`,
      );
    }
    return finished(`partitioned roll out complete: ${updated} new pods have been updated...`);
  }
  if (status.updateRevision !== status.currentRevision) {
    return waiting(
      `waiting for statefulset rolling update to complete ${updated} pods at revision ${status.updateRevision}...`,
    );
  }
  return finished(
    `statefulset rolling update complete ${status.currentReplicas ?? 0} pods at revision ${status.currentRevision}...`,
  );
}
