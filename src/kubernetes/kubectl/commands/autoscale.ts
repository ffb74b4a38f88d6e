// Upstream: kubectl/pkg/cmd/autoscale/autoscale.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Command } from '../command.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, int, text } from '../flags.ts';
import { withLastApplied } from '../lastApplied.ts';
import { printFlags } from '../output/printer.ts';
import { fileFlags, targetsOf } from '../targets.ts';
import { dryRunFlag, dryRunOf, dryRunQuery, fieldManagerFlag, resultPrinter } from '../writing.ts';

/** What the server takes when no target is named. Upstream: autoscaling/v2 defaults. */
const defaultCpuPercent = 80;

export const autoscale: Command = {
  name: 'autoscale',
  group: 'Deploy Commands',
  summary: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
  long: 'Creates an autoscaler that automatically chooses and sets the number of pods that run in a Kubernetes cluster.',
  examples: [
    [
      'Auto scale a deployment "foo", with the number of pods between 2 and 10, no target CPU utilization specified so a default autoscaling policy will be used',
      'kubectl autoscale deployment foo --min=2 --max=10',
    ],
    [
      'Auto scale a deployment "foo", with the number of pods between 1 and 5, target CPU utilization at 80%',
      'kubectl autoscale deployment foo --max=5 --cpu-percent=80',
    ],
  ],
  usage: 'autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu-percent=CPU]',
  arguments: 'resources',
  flags: [
    ...fileFlags,
    ...printFlags,
    dryRunFlag,
    fieldManagerFlag('kubectl-autoscale'),
    int(
      'cpu-percent',
      'The target average CPU utilization (represented as a percent of requested CPU) over all the pods.',
      { initial: '-1' },
    ),
    {
      ...int('max', 'The upper limit for the number of pods that can be set by the autoscaler. Required.', {
        initial: '-1',
      }),
      required: true,
    },
    int(
      'min',
      "The lower limit for the number of pods that can be set by the autoscaler. If it's not specified or negative, the server will apply a default value.",
      { initial: '-1' },
    ),
    text(
      'name',
      'The name for the newly created object. If not specified, the name of the input resource will be used.',
    ),
    bool('save-config', 'If true, the configuration of current object will be saved in its annotation.'),
  ],
  async run(invocation) {
    const { flags, args } = invocation;
    const max = flags.int('max');
    const min = flags.int('min');
    if (max < 1) throw new CommandError(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
    if (max < min)
      throw new CommandError(
        `--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`,
      );
    const dryRun = await dryRunOf(invocation);
    const print = resultPrinter(invocation, dryRun, { sorted: false });
    const { targets, errors } = await targetsOf(invocation, { args });
    const mapper = await invocation.mapper();
    const autoscalers = mapper.get('autoscaling', 'horizontalpodautoscalers', 'v2');
    for (const { resource, name, object } of targets) {
      try {
        if (!resource.subresources.includes('scale')) {
          const { group, version, plural, kind } = resource;
          const type = group === '' ? kind : `${kind}.${group}`;
          throw new CommandError(
            `cannot autoscale a ${type}: could not find scale subresource for ${group}/${version}, Resource=${plural} in discovery information`,
          );
        }
        const percent = flags.int('cpu-percent');
        const averageUtilization = percent >= 0 ? percent : defaultCpuPercent;
        const composed = {
          kind: 'HorizontalPodAutoscaler',
          apiVersion: 'autoscaling/v2',
          metadata: {
            name: flags.text('name') || name,
            ...(invocation.namespaceIsExplicit && { namespace: invocation.namespace }),
            creationTimestamp: null,
          },
          spec: {
            scaleTargetRef: { kind: object.kind, name, apiVersion: object.apiVersion },
            ...(min > 0 && { minReplicas: min }),
            maxReplicas: max,
            ...(percent >= 0 && {
              metrics: [
                {
                  type: 'Resource',
                  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
                },
              ],
            }),
          },
          status: { desiredReplicas: 0, currentMetrics: null },
        } as unknown as KubeObject;
        const wanted = flags.bool('save-config') ? withLastApplied(composed) : composed;
        const query = { ...dryRunQuery(dryRun), fieldManager: flags.text('field-manager') };
        await print(
          dryRun === 'client'
            ? wanted
            : await invocation.client.create(autoscalers, invocation.namespace, wanted, query),
          'autoscaled',
        );
      } catch (error) {
        errors.push(error);
      }
    }
    throwAll(errors);
    if (targets.length === 0) throw new CommandError('no objects passed to autoscale');
  },
};
