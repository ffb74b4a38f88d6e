// Upstream: etcd's etcdctl/ctlv3, etcdutl
import type { Etcd } from '#kubernetes/etcd/etcd.ts';
import { prefixEnd } from '#kubernetes/etcd/etcd.ts';
import type { Members } from '#kubernetes/etcd/members.ts';
import type { Member } from '#kubernetes/etcd/members.ts';
import type { Snapshots } from '#kubernetes/etcd/snapshots.ts';
import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import type { Process, Program } from '#world/machine/program.ts';
import { CommandLine } from './commandLine.ts';
import {
  endpointHealth,
  endpointStatus,
  type EtcdTarget,
  memberList,
  reach,
  reachQuorum,
} from './endpoints.ts';
import { Failure } from './failure.ts';
import { snapshotRestore, snapshotStatus } from './snapshotCommands.ts';

export interface EtcdTools<V> {
  readonly etcd: Etcd<V>;
  readonly members: Members;
  readonly snapshots: Snapshots<V>;
  /** `3.6.8`. */
  versionOf(member: Member): string;
  isCut(address: string, member: Member): boolean;
}

type Run<V> = (process: Process, line: CommandLine, tools: EtcdTools<V>) => Promise<void>;

/** `etcdctl` and `etcdutl`. */
export function etcdTools<V>(tools: EtcdTools<V>): ReadonlyMap<string, Program> {
  return new Map([
    ['etcdctl', program('etcdctl', tools, controls())],
    ['etcdutl', program('etcdutl', tools, utilities())],
  ]);
}

function controls<V>(): Readonly<Record<string, Run<V>>> {
  return {
    version: printVersion('etcdctl'),
    'member list': (process, line, tools) => memberList(process, line, targetOf(tools)),
    'endpoint health': (process, line, tools) => endpointHealth(process, line, targetOf(tools)),
    'endpoint status': (process, line, tools) => endpointStatus(process, line, targetOf(tools)),
    'snapshot save': save,
    'snapshot status': deprecated(status),
    'snapshot restore': deprecated(restore),
    get,
    'alarm list': async (process, line, tools) => void (await reach(process, line, targetOf(tools))),
    defrag: async (process, line, tools) => {
      const { clientUrl } = await reach(process, line, targetOf(tools));
      const url = line.text('endpoints') || clientUrl;
      await process.stdout.write(`Finished defragmenting etcd member[${url}]. took 42.117283ms\n`);
    },
    'move-leader': moveLeader,
  };
}

function utilities<V>(): Readonly<Record<string, Run<V>>> {
  return {
    version: printVersion('etcdutl'),
    'snapshot status': status,
    'snapshot restore': restore,
  };
}

/** The tools come with the member that they are beside. */
function printVersion<V>(name: string): Run<V> {
  return ({ stdout, hostname }, _line, { members, versionOf }) => {
    const own = members.find(hostname.replace(/^etcd-/, '')) ?? members.all[0]!;
    return stdout.write(`${name} version: ${versionOf(own)}\nAPI version: 3.6\n`);
  };
}

function program<V>(name: string, tools: EtcdTools<V>, commands: Readonly<Record<string, Run<V>>>): Program {
  return async (process) => {
    const line = new CommandLine(process.args, process.environment);
    const [first = '', second = ''] = line.words;
    const run = commands[`${first} ${second}`] ?? commands[first];
    if (run === undefined) {
      const text = Object.keys(commands).join('\n\t');
      if (first === '' || first === 'help') {
        await process.stdout.write(`USAGE:\n\t${name} [flags] COMMAND\n\nCOMMANDS:\n\t${text}\n`);
        return 0;
      }
      await process.stderr.write(
        `Error: unknown command ${JSON.stringify(first)} for ${JSON.stringify(name)}\nRun '${name} --help' for usage.\n`,
      );
      return 1;
    }
    try {
      await run(process, line, tools);
      return 0;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      await process.stderr.write(`Error: ${error.message}\n`);
      return 1;
    }
  };
}

function targetOf<V>({ etcd, members, isCut, versionOf }: EtcdTools<V>): EtcdTarget {
  const { count, revision } = etcd.range({ from: '', end: '\uFFFF', limit: 0 });
  return { members, revision, keys: count, isCut, versionOf };
}

const status = <V>(process: Process, line: CommandLine, { snapshots }: EtcdTools<V>) =>
  snapshotStatus(process, line, snapshots);
const restore = <V>(process: Process, line: CommandLine, { snapshots }: EtcdTools<V>) =>
  snapshotRestore(process, line, snapshots);

/** etcdctl of 3.5 still did it, and said where it went. */
function deprecated<V>(run: Run<V>): Run<V> {
  return async (process, line, tools) => {
    await process.stderr.write(`Deprecated: Use \`etcdutl snapshot ${line.words[1]}\` instead.\n\n`);
    return run(process, line, tools);
  };
}

async function save<V>(process: Process, line: CommandLine, tools: EtcdTools<V>): Promise<void> {
  const path = line.words[2];
  if (path === undefined) throw new Failure('snapshot save expects one argument');
  await reach(process, line, targetOf(tools));
  try {
    process.files.write(resolvePath(process.workingDirectory, path), tools.snapshots.save());
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new Failure(`could not open ${path}.part (open ${path}.part: ${error.message.toLowerCase()})`);
  }
  await process.stdout.write(`Snapshot saved at ${path}\nServer version 3.6.0\n`);
}

/** Values come as JSON: what a real API server stores is protobuf. */
async function get<V>(process: Process, line: CommandLine, tools: EtcdTools<V>): Promise<void> {
  const [, key = '', end] = line.words;
  if (key === '' && !line.has('prefix')) throw new Failure('get command needs one argument as key');
  await reachQuorum(process, line, targetOf(tools));
  const limit = Number(line.text('limit')) || Infinity;
  const last = line.has('prefix') ? (key === '' ? '\uFFFF' : prefixEnd(key)) : (end ?? `${key}\0`);
  const { kvs, count } = tools.etcd.range({ from: key, end: last, limit });
  if (line.has('count-only')) return process.stdout.write(`${count}\n`);
  for (const kv of kvs) {
    if (!line.has('print-value-only')) await process.stdout.write(`${kv.key}\n`);
    await process.stdout.write(line.has('keys-only') ? '\n' : `${JSON.stringify(kv.value)}\n`);
  }
}

async function moveLeader<V>(process: Process, line: CommandLine, tools: EtcdTools<V>): Promise<void> {
  const { members } = tools;
  const asked = await reachQuorum(process, line, targetOf(tools));
  const to = members.all.find(({ id }) => id === line.words[1]);
  if (to === undefined) throw new Failure(`bad leader transferee, or not a member: ${line.words[1] ?? ''}`);
  const from = members.leader;
  if (from !== asked) throw new Failure(`no leader endpoint given at [${line.text('endpoints')}]`);
  members.moveLeader(to);
  await process.stdout.write(`Leadership transferred from ${from.id} to ${to.id}\n`);
}
