// Upstream: kubectl/pkg/cmd/certificates/certificates.go
import type { CertificateSigningRequest } from '#generated/types/certificates.v1.ts';
import { certificateSigningRequests } from '#kubernetes/api/certificates/certificateSigningRequest.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Command } from '../command.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { printFlags } from '../output/printer.ts';
import { fileFlags, targetsOf } from '../targets.ts';
import { resultPrinter } from '../writing.ts';

/** Upstream tries so often when somebody else wrote meanwhile. */
const attemptsMax = 10;

interface Decision {
  readonly verb: 'approve' | 'deny';
  readonly done: string;
  readonly type: 'Approved' | 'Denied';
  readonly other: 'Approved' | 'Denied';
}

const approve: Decision = { verb: 'approve', done: 'approved', type: 'Approved', other: 'Denied' };
const deny: Decision = { verb: 'deny', done: 'denied', type: 'Denied', other: 'Approved' };

function decide(decision: Decision): Command {
  const { verb, done } = decision;
  const sentence =
    verb === 'approve'
      ? 'This action tells a certificate signing controller to issue a certificate to the requester with the attributes requested in the CSR.'
      : 'This action tells a certificate signing controller to not to issue a certificate to the requester.';
  return {
    name: verb,
    summary: `${verb === 'approve' ? 'Approve' : 'Deny'} a certificate signing request`,
    long: `${verb === 'approve' ? 'Approve' : 'Deny'} a certificate signing request.\n\n kubectl certificate ${verb} allows a cluster admin to ${verb} a certificate signing request (CSR). ${sentence}`,
    examples: [
      [`${verb === 'approve' ? 'Approve' : 'Deny'} CSR 'csr-sqgzp'`, `kubectl certificate ${verb} csr-sqgzp`],
    ],
    usage: `certificate ${verb} (-f FILENAME | NAME)`,
    flags: [...fileFlags, ...printFlags, bool('force', `Update the CSR even if it is already ${done}.`)],
    async run(invocation) {
      const { args, flags } = invocation;
      if (args.length === 0 && flags.list('filename').length === 0)
        throw new CommandError('one or more CSRs must be specified as <name> or -f <filename>');
      const names = args.map((name) => `certificatesigningrequests/${name}`);
      const { targets, errors } = await targetsOf(invocation, { args: names });
      const print = resultPrinter(invocation, 'none');
      for (const target of targets) {
        try {
          await modify(invocation, target.name, decision);
          await print(target.object, done);
        } catch (error) {
          errors.push(error);
        }
      }
      if (targets.length === 0 && errors.length === 0) await invocation.out('No resources found\n');
      throwAll(errors);
    },
  };
}

async function modify(invocation: Invocation, name: string, decision: Decision): Promise<void> {
  const { client, flags, nowMs } = invocation;
  const { verb, type, other, done } = decision;
  for (let attempt = 0; ; attempt++) {
    const path = pathOf(certificateSigningRequests, '', name);
    const request = (await client.send({ method: 'GET', path })).body as CertificateSigningRequest;
    const conditions = request.status?.conditions ?? [];
    if (conditions.some((condition) => condition.type === other))
      throw new CommandError(`certificate signing request ${JSON.stringify(name)} is already ${other}`);
    const isDone = conditions.some((condition) => condition.type === type);
    if (isDone && !flags.bool('force')) return;
    const condition = {
      type,
      status: 'True',
      reason: verb === 'approve' ? 'KubectlApprove' : 'KubectlDeny',
      message: `This CSR was ${done} by kubectl certificate ${verb}.`,
      lastUpdateTime: formatTime(nowMs),
    };
    const next = isDone ? conditions : [...conditions, condition];
    try {
      await client.send({
        method: 'PUT',
        path: `${path}/approval`,
        contentType: 'application/json',
        body: { ...request, status: { ...request.status, conditions: next } },
      });
      return;
    } catch (error) {
      if (!isStatus(error, 'Conflict') || attempt >= attemptsMax) throw error;
    }
  }
}

export const certificate: Command = {
  name: 'certificate',
  group: 'Cluster Management Commands',
  summary: 'Modify certificate resources',
  usage: 'certificate SUBCOMMAND',
  subcommands: [decide(approve), decide(deny)],
};
