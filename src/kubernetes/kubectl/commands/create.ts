// Upstream: kubectl/pkg/cmd/create/create.go
import type { Command } from '../command.ts';
import { CommandError, throwAll, withSource } from '../errors.ts';
import { sourcesOf } from '../files.ts';
import { bool, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { withLastApplied } from '../lastApplied.ts';
import { printFlags } from '../output/printer.ts';
import { sendRaw } from '../rawRequest.ts';
import { fileFlags, selectorFlag, targetsOf } from '../targets.ts';
import {
  dryRunFlag,
  dryRunOf,
  dryRunQuery,
  fieldManagerFlag,
  fieldValidationOf,
  resultPrinter,
  validateFlag,
} from '../writing.ts';
import { createConfigMap } from './create/configMap.ts';
import { createDeployment } from './create/deployment.ts';
import { createIngress } from './create/ingress.ts';
import { createCronJob, createJob } from './create/job.ts';
import { createNamespace } from './create/namespace.ts';
import { createPriorityClass, createPodDisruptionBudget, createQuota } from './create/policy.ts';
import { createClusterRole, createClusterRoleBinding, createRole, createRoleBinding } from './create/rbac.ts';
import { createSecret } from './create/secret.ts';
import { createService } from './create/service.ts';
import { createServiceAccount } from './create/serviceAccount.ts';
import { createToken } from './create/token.ts';

export const create: Command = {
  name: 'create',
  group: 'Basic Commands (Beginner)',
  summary: 'Create a resource from a file or from stdin',
  long: 'Create a resource from a file or from stdin.\n\n JSON and YAML formats are accepted.',
  examples: [
    ['Create a pod using the data in pod.yaml', 'kubectl create -f ./pod.yaml'],
    ['Create a pod based on the YAML passed into stdin', 'cat pod.yaml | kubectl create -f -'],
  ],
  usage: 'create -f FILENAME',
  subcommands: [
    createClusterRole,
    createClusterRoleBinding,
    createConfigMap,
    createCronJob,
    createDeployment,
    createIngress,
    createJob,
    createNamespace,
    createPodDisruptionBudget,
    createPriorityClass,
    createQuota,
    createRole,
    createRoleBinding,
    createSecret,
    createService,
    createServiceAccount,
    createToken,
  ],
  flags: [
    ...fileFlags,
    ...printFlags,
    selectorFlag,
    dryRunFlag,
    validateFlag,
    fieldManagerFlag('kubectl-create'),
    text('raw', 'Raw URI to POST to the server.  Uses the transport specified by the kubeconfig file.'),
    bool('save-config', 'If true, the configuration of current object will be saved in its annotation.'),
  ],
  async run(invocation) {
    const { flags, args, path } = invocation;
    if (flags.changed('raw')) return await createRaw(invocation);
    if (args.length > 0)
      throw new CommandError(`Unexpected args: [${args.join(' ')}]\nSee '${path} -h' for help and examples`);
    if (!flags.changed('filename')) throw new CommandError('must specify one of -f and -k');
    const dryRun = await dryRunOf(invocation);
    const query = {
      ...dryRunQuery(dryRun),
      fieldManager: flags.text('field-manager'),
      fieldValidation: fieldValidationOf(invocation),
    };
    const { targets, errors } = await targetsOf(invocation, { args, labelSelector: flags.text('selector') });
    const print = resultPrinter(invocation, dryRun);
    for (const { resource, namespace, source, object } of targets) {
      try {
        const wanted = flags.bool('save-config') ? withLastApplied(object) : object;
        const created =
          dryRun === 'client' ? wanted : await invocation.client.create(resource, namespace, wanted, query);
        await print(created, 'created');
      } catch (error) {
        errors.push(withSource(error, 'creating', source));
      }
    }
    if (targets.length === 0 && errors.length === 0) throw new CommandError('no objects passed to create');
    throwAll(errors);
  },
};

/** POST of one file as it is, to any path. */
async function createRaw(invocation: Invocation): Promise<void> {
  const [path = '', more] = invocation.flags.list('filename');
  if (path === '' || more !== undefined)
    throw new CommandError('--raw can only use a single local file or stdin');
  const [source] = await sourcesOf(invocation, path);
  await sendRaw(invocation, 'POST', source!.text);
}
