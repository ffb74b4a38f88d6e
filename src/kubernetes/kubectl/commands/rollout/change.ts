// Upstream: kubectl/pkg/cmd/rollout/{rollout_pause,rollout_resume,rollout_restart}.go, kubectl/pkg/polymorphichelpers/objectrestarter.go
import type { Deployment } from '#generated/types/apps.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { qualifiedResource } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Command } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { modifyTargets } from '../../modifying.ts';
import { printFlags } from '../../output/printer.ts';
import type { Target } from '../../target.ts';
import { fieldManagerFlag } from '../../writing.ts';
import { rolloutFlags } from './rolloutTargets.ts';

function refuse({ resource, name }: Target, why: string): never {
  throw new CommandError(
    `${qualifiedResource(resource.group, resource.plural)} ${JSON.stringify(name)} ${why}`,
  );
}

function command(
  name: string,
  summary: string,
  operation: string,
  change: (target: Target, nowMs: number) => KubeObject,
): Command {
  return {
    name,
    summary,
    usage: `rollout ${name} RESOURCE`,
    examples: [[summary, `kubectl rollout ${name} deployment/nginx`]],
    arguments: 'resources',
    flags: [...rolloutFlags, ...printFlags, fieldManagerFlag('kubectl-rollout')],
    async run(invocation) {
      const { args, flags, nowMs } = invocation;
      if (args.length === 0 && flags.list('filename').length === 0)
        throw new CommandError('required resource not specified');
      const all = args.length === 1 && !args[0]!.includes('/') && !flags.text('selector');
      await modifyTargets(invocation, { args, all }, operation, (target) => change(target, nowMs));
    },
  };
}

function withPaused(target: Target, paused: boolean): KubeObject {
  if (target.object.kind !== 'Deployment')
    refuse(target, `${paused ? 'pausing' : 'resuming'} is not supported`);
  const { spec } = target.object as Deployment;
  if (paused === (spec.paused ?? false)) refuse(target, paused ? 'is already paused' : 'is not paused');
  const { paused: _, ...rest } = spec;
  return { ...target.object, spec: paused ? { ...rest, paused } : rest } as KubeObject;
}

export const rolloutPause = command('pause', 'Mark the provided resource as paused', 'paused', (target) =>
  withPaused(target, true),
);
export const rolloutResume = command('resume', 'Resume a paused resource', 'resumed', (target) =>
  withPaused(target, false),
);

export const rolloutRestart = command('restart', 'Restart a resource', 'restarted', (target, nowMs) => {
  if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(target.object.kind))
    refuse(target, 'restarting is not supported');
  const { spec } = target.object as Deployment;
  if (spec.paused) refuse(target, "can't restart paused deployment (run rollout resume first)");
  const { metadata } = spec.template;
  const annotations = { ...metadata?.annotations, 'kubectl.kubernetes.io/restartedAt': formatTime(nowMs) };
  return {
    ...target.object,
    spec: { ...spec, template: { ...spec.template, metadata: { ...metadata, annotations } } },
  } as KubeObject;
});
