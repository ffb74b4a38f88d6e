// Upstream: kubectl/pkg/cmd/create/{create_job,create_cronjob}.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { CommandError } from '../../errors.ts';
import { text } from '../../flags.ts';
import { newMetadata, subcommandOf } from './generator.ts';

function jobTemplate(name: string, image: string, command: readonly string[], restart: string): object {
  return {
    metadata: { creationTimestamp: null },
    spec: {
      containers: [{ name, image, ...(command.length > 0 && { command }), resources: {} }],
      restartPolicy: restart,
    },
  };
}

export const createJob = subcommandOf({
  name: 'job',
  summary: 'Create a job with the specified name',
  usage: 'job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
  example: ['Create a job with a command', 'kubectl create job my-job --image=busybox -- date'],
  resource: { group: 'batch', version: 'v1', plural: 'jobs', namespaced: true },
  flags: [
    text('image', 'Image name to run.'),
    text('from', 'The name of the resource to create a Job from (only cronjob is supported).'),
  ],
  failure: 'failed to create job: ',
  async compose(invocation, name, command) {
    const image = invocation.flags.text('image');
    const from = invocation.flags.text('from');
    if ((image === '') === (from === ''))
      throw new CommandError('either --image or --from must be specified');
    if (from !== '' && command.length > 0) throw new CommandError('cannot specify --from and command');
    if (from === '') {
      const spec = { template: jobTemplate(name, image, command, 'Never') };
      return { kind: 'Job', apiVersion: 'batch/v1', metadata: newMetadata(name), spec, status: {} };
    }
    const [type = '', cronJobName = ''] = from.split('/');
    const resource = (await invocation.mapper()).resource(type);
    interface CronJob extends KubeObject {
      readonly spec: {
        readonly jobTemplate: { readonly metadata?: KubeObject['metadata']; readonly spec: object };
      };
    }
    const cronJob = await invocation.client.get<CronJob>(resource, invocation.namespace, cronJobName);
    if (resource.plural !== 'cronjobs')
      throw new CommandError(`unknown object type *${resource.version}.${resource.kind}`);
    const { metadata, spec } = cronJob.spec.jobTemplate;
    return {
      kind: 'Job',
      apiVersion: 'batch/v1',
      metadata: {
        name,
        creationTimestamp: null,
        ...(metadata?.labels && { labels: metadata.labels }),
        annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...metadata?.annotations },
        ownerReferences: [
          {
            apiVersion: 'batch/v1',
            kind: 'CronJob',
            name: cronJobName,
            uid: cronJob.metadata.uid,
            controller: true,
          },
        ],
      },
      spec,
      status: {},
    };
  },
});

export const createCronJob = subcommandOf({
  name: 'cronjob',
  aliases: ['cj'],
  summary: 'Create a cron job with the specified name',
  usage: "cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
  example: [
    'Create a cron job with a command',
    'kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *" -- date',
  ],
  resource: { group: 'batch', version: 'v1', plural: 'cronjobs', namespaced: true },
  flags: [
    { ...text('image', 'Image name to run.'), required: true },
    { ...text('schedule', 'A schedule in the Cron format the job should be run with.'), required: true },
    text('restart', "Job's restart policy. Supported values: OnFailure, Never"),
  ],
  failure: 'failed to create cronjob: ',
  compose({ flags }, name, command) {
    const template = jobTemplate(name, flags.text('image'), command, flags.text('restart') || 'OnFailure');
    return {
      kind: 'CronJob',
      apiVersion: 'batch/v1',
      metadata: newMetadata(name),
      spec: {
        schedule: flags.text('schedule'),
        jobTemplate: { metadata: { name, creationTimestamp: null }, spec: { template } },
      },
      status: {},
    };
  },
});
