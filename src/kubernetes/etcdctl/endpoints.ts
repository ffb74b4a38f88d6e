// Upstream: etcd's etcdctl/ctlv3/command/{ep,member}_command.go
import { sizeOf } from '#kubernetes/etcd/snapshots.ts';
import type { Member, Members } from '#kubernetes/etcd/members.ts';
import { resolvePath } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import type { CommandLine } from './commandLine.ts';
import { Failure } from './failure.ts';
import { humanBytes, table } from './table.ts';

/** What the tools know of the cluster that they speak to. */
export interface EtcdTarget {
  readonly members: Members;
  readonly revision: number;
  readonly keys: number;
  /** `3.6.8`. */
  versionOf(member: Member): string;
  /** Whether packets between a machine's address and a member are lost. */
  isCut(address: string, member: Member): boolean;
}

/** Upstream: --dial-timeout and --command-timeout. */
const timeoutMs = 5_000;
/** Raft's log has entries that are no revisions: elections, members, leases. */
const otherEntries = 8;

interface Endpoint {
  readonly url: string;
  /** Null where nobody answers. */
  readonly member: Member | null;
}

/** Prints the members. Any member that runs knows them. */
export async function memberList(process: Process, line: CommandLine, target: EtcdTarget): Promise<void> {
  await reach(process, line, target);
  const rows = target.members.all.map(({ id, name, peerUrl, clientUrl }) => [
    id,
    'started',
    name,
    peerUrl,
    clientUrl,
    'false',
  ]);
  const heads = ['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'];
  const text = rows.map((row) => `${row.join(', ')}\n`).join('');
  await process.stdout.write(line.format === 'table' ? table(heads, rows) : text);
}

export async function endpointHealth(process: Process, line: CommandLine, target: EtcdTarget): Promise<void> {
  const { members } = target;
  const found = endpoints(process, line, target);
  const failed = found.filter(({ member }) => member === null || !members.hasQuorum(member));
  if (failed.length > 0) await process.sleep(timeoutMs);
  else if (members.stallMs > 0) await process.sleep(members.stallMs);
  const random = process.simulation.random('etcdctl');
  const why = 'context deadline exceeded';
  const rows = found.map((endpoint) => {
    const isFailed = failed.includes(endpoint);
    const tookMs = isFailed ? timeoutMs : 6 + random.below(6_000_000) / 1_000_000;
    const took = isFailed ? `${(tookMs / 1000).toFixed(9)}s` : `${tookMs.toFixed(6)}ms`;
    return { url: endpoint.url, isFailed, took };
  });
  if (line.format === 'table') {
    const heads = ['ENDPOINT', 'HEALTH', 'TOOK', 'ERROR'];
    const cells = rows.map(({ url, isFailed, took }) => [url, String(!isFailed), took, isFailed ? why : '']);
    await process.stdout.write(table(heads, cells));
  } else
    for (const { url, isFailed, took } of rows) {
      if (isFailed) await process.stderr.write(`${url} is unhealthy: failed to commit proposal: ${why}\n`);
      else await process.stdout.write(`${url} is healthy: successfully committed proposal: took = ${took}\n`);
    }
  if (failed.length > 0) throw new Failure('unhealthy cluster');
}

export async function endpointStatus(process: Process, line: CommandLine, target: EtcdTarget): Promise<void> {
  const { members, revision, keys } = target;
  const found = endpoints(process, line, target);
  const size = humanBytes(sizeOf(keys));
  const rows: string[][] = [];
  for (const { url, member } of found) {
    if (member === null) {
      await process.sleep(timeoutMs);
      await process.stderr.write(`Failed to get the status of endpoint ${url} (context deadline exceeded)\n`);
      continue;
    }
    const index = String((member.behindAt ?? revision) + otherEntries);
    const isLeader = String(members.leader === member);
    const errors = members.hasQuorum(member) ? '' : 'etcdserver: no leader';
    rows.push([
      url,
      member.id,
      target.versionOf(member),
      '3.6.0',
      size,
      size,
      '0%',
      '0 B',
      isLeader,
      'false',
      String(members.term),
      index,
      index,
      errors,
      '',
      'false',
    ]);
  }
  const heads = [
    'ENDPOINT',
    'ID',
    'VERSION',
    'STORAGE VERSION',
    'DB SIZE',
    'IN USE',
    'PERCENTAGE NOT IN USE',
    'QUOTA',
    'IS LEADER',
    'IS LEARNER',
    'RAFT TERM',
    'RAFT INDEX',
    'RAFT APPLIED INDEX',
    'ERRORS',
    'DOWNGRADE TARGET VERSION',
    'DOWNGRADE ENABLED',
  ];
  const text = rows.map((row) => `${row.join(', ')}\n`).join('');
  await process.stdout.write(line.format === 'table' ? table(heads, rows) : text);
  if (rows.length < found.length) throw new Failure('unhealthy cluster');
}

/** The first member that answers; throws what the client says when none does. */
export async function reach(process: Process, line: CommandLine, target: EtcdTarget): Promise<Member> {
  const member = endpoints(process, line, target).find((endpoint) => endpoint.member !== null)?.member;
  if (member) return member;
  await process.sleep(timeoutMs);
  throw new Failure('context deadline exceeded');
}

/** As `reach`, of a member that can serve a read or a write of the whole cluster. */
export async function reachQuorum(process: Process, line: CommandLine, target: EtcdTarget): Promise<Member> {
  const member = await reach(process, line, target);
  const { members } = target;
  if (!members.hasQuorum(member)) {
    await process.sleep(timeoutMs);
    throw new Failure('context deadline exceeded');
  }
  if (members.stallMs > 0) await process.sleep(members.stallMs);
  return member;
}

/** What the flags name: `--endpoints`, or with `--cluster` every member. Without certificates nobody answers. */
function endpoints(process: Process, line: CommandLine, target: EtcdTarget): readonly Endpoint[] {
  const { members } = target;
  checkCertificates(process, line);
  const own = process.network?.address ?? '';
  const reached = (member: Member | undefined) =>
    member?.isRunning === true && !target.isCut(own, member) ? member : null;
  if (line.has('cluster'))
    return members.all.map((member) => ({ url: member.clientUrl, member: reached(member) }));
  const isTrusted = ['cacert', 'cert', 'key'].every((flag) => line.text(flag) !== '');
  return (line.text('endpoints') || '127.0.0.1:2379').split(',').map((url) => {
    const [, host = '', port = '2379'] = /^(?:https?:\/\/)?([^:/]+)(?::(\d+))?/.exec(url) ?? [];
    const address = host === '127.0.0.1' || host === 'localhost' ? own : host;
    const member = members.all.find((one) => one.address === address || one.name === host);
    return { url, member: isTrusted && port === '2379' ? reached(member) : null };
  });
}

function checkCertificates(process: Process, line: CommandLine): void {
  for (const flag of ['cert', 'key', 'cacert']) {
    const path = line.text(flag);
    if (path !== '' && process.files.status(resolvePath(process.workingDirectory, path)) === null)
      throw new Failure(`open ${path}: no such file or directory`);
  }
}
