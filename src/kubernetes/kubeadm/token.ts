// Upstream: cmd/kubeadm/app/cmd/token.go, cmd/kubeadm/app/apis/bootstraptoken
import type { Secret } from '#generated/types/core.v1.ts';
import { secrets } from '#kubernetes/api/core/secret.ts';
import { parseDuration, shortHumanDuration } from '#kubernetes/apimachinery/duration.ts';
import { hex, sha256 } from '#kubernetes/apimachinery/sha256.ts';
import { formatTime, parseTime } from '#kubernetes/apimachinery/time.ts';
import type { Process } from '#world/machine/program.ts';
import { decodeBase64 } from '#world/machine/utf8.ts';
import { systemNamespace } from './cluster.ts';
import type { CommandLine } from './commandLine.ts';
import { Failure } from './failure.ts';
import type { Host } from './host.ts';
import { tabular } from './tabular.ts';

const secretType = 'bootstrap.kubernetes.io/token';
const defaultGroups = 'system:bootstrappers:kubeadm:default-node-token';
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const authorityFile = '/etc/kubernetes/pki/ca.crt';
const pattern = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;

/** `kubeadm token create|list|delete|generate` */
export async function token(process: Process, host: Host, line: CommandLine): Promise<void> {
  const [verb, word] = line.words;
  switch (verb) {
    case 'create':
      return create(process, host, line, word);
    case 'list':
      return list(process, host);
    case 'delete':
      return remove(process, host, word);
    case 'generate':
      return process.stdout.write(`${generate(process)}\n`);
    default:
      throw new Failure(`missing subcommand; "token" is not meant to be run on its own`);
  }
}

function generate({ simulation }: Process): string {
  const random = simulation.random('bootstrap-tokens');
  const draw = (length: number) =>
    Array.from({ length }, () => letters[random.below(letters.length)]).join('');
  return `${draw(6)}.${draw(16)}`;
}

async function create(process: Process, host: Host, { flags }: CommandLine, word?: string): Promise<void> {
  const text = word ?? generate(process);
  const [, id, secret] = pattern.exec(text) ?? [];
  if (id === undefined)
    throw new Failure(
      `the bootstrap token ${JSON.stringify(text)} was not of the form "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"`,
    );
  const lifetime = flags.get('ttl') ?? '24h0m0s';
  const ms = lifetime === '0' ? 0 : parseDuration(lifetime);
  const description = flags.get('description') ?? '';
  host.client.create(secrets, {
    metadata: { name: `bootstrap-token-${id}`, namespace: systemNamespace },
    type: secretType,
    stringData: {
      'token-id': id,
      'token-secret': secret!,
      ...(description && { description }),
      ...(ms > 0 && { expiration: formatTime(process.simulation.nowMs + ms) }),
      'usage-bootstrap-authentication': 'true',
      'usage-bootstrap-signing': 'true',
      'auth-extra-groups': defaultGroups,
    },
  });
  await process.stdout.write(
    flags.get('print-join-command') === 'true'
      ? `kubeadm join ${host.endpoint} --token ${text} --discovery-token-ca-cert-hash ${authorityHash(process)} \n`
      : `${text}\n`,
  );
}

/** Upstream hashes the authority's public key; here it is the file that stands for its certificate. */
function authorityHash({ files }: Process): string {
  return `sha256:${hex(sha256(files.read(authorityFile))).toLowerCase()}`;
}

async function list(process: Process, { client }: Host): Promise<void> {
  const found = client.list(secrets, {
    namespace: systemNamespace,
    fieldSelector: `type=${secretType}`,
  }).items;
  if (found.length === 0) return;
  const heads = ['TOKEN', 'TTL', 'EXPIRES', 'USAGES', 'DESCRIPTION', 'EXTRA GROUPS'];
  await process.stdout.write(
    tabular([heads, ...found.map((secret) => row(secret, process.simulation.nowMs))]),
  );
}

function row({ data = {} }: Secret, nowMs: number): string[] {
  const read = (name: string) => (data[name] === undefined ? '' : decodeBase64(data[name]).text);
  const expiration = read('expiration');
  const leftMs = expiration === '' ? Infinity : parseTime(expiration) - nowMs;
  const left = leftMs === Infinity ? '<forever>' : leftMs <= 0 ? '<invalid>' : shortHumanDuration(leftMs);
  const usages = ['authentication', 'signing'].filter((use) => read(`usage-bootstrap-${use}`) === 'true');
  return [
    `${read('token-id')}.${read('token-secret')}`,
    left,
    expiration || '<never>',
    usages.join(',') || '<none>',
    read('description') || '<none>',
    read('auth-extra-groups') || '<none>',
  ];
}

async function remove(process: Process, { client }: Host, word?: string): Promise<void> {
  if (word === undefined)
    throw new Failure(`missing argument; 'token delete' is missing token of form "[a-z0-9]{6}"`);
  const id = word.split('.')[0]!;
  client.delete(secrets, systemNamespace, `bootstrap-token-${id}`);
  await process.stdout.write(`bootstrap token ${JSON.stringify(id)} deleted\n`);
}
