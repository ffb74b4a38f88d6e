import type { ContainerScope } from '#world/machine/image.ts';
import type { Program } from '#world/machine/program.ts';
import { defineImage, definePort, defineServer, isCommand, mb, mib } from './image.ts';
import { and, debianTools } from './tools.ts';

const version = '8.2.2';
/** Keys that one server holds; past it a write is refused, as with `maxmemory`. */
const keysMax = 10_000;

const simple = (text: string) => `+${text}\r\n`;
const number = (value: number) => `:${value}\r\n`;
const failure = (text: string) => `-${text}\r\n`;
const bulk = (text: string | undefined) =>
  text === undefined ? '$-1\r\n' : `$${text.length}\r\n${text}\r\n`;
const list = (items: readonly string[]) => `*${items.length}\r\n${items.map(bulk).join('')}`;

/** Answers one command in the inline form of the protocol; null closes the connection. */
function execute(line: string, container: ContainerScope): string | null {
  const words = [...line.trim().matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
  const [command = '', ...args] = words;
  const data = container.memory as Map<string, string>;
  const [key = '', value = ''] = args;
  const lacking = (count: number) => args.length < count;
  const wrong = failure(`ERR wrong number of arguments for '${command.toLowerCase()}' command`);
  switch (command.toUpperCase()) {
    case '':
      return '';
    case 'PING':
      return args.length > 0 ? bulk(key) : simple('PONG');
    case 'ECHO':
      return lacking(1) ? wrong : bulk(key);
    case 'SET':
      if (lacking(2)) return wrong;
      if (data.size >= keysMax && !data.has(key)) {
        return failure("OOM command not allowed when used memory > 'maxmemory'.");
      }
      data.set(key, value);
      return simple('OK');
    case 'GET':
      return lacking(1) ? wrong : bulk(data.get(key));
    case 'DEL':
      return lacking(1) ? wrong : number(args.filter((name) => data.delete(name)).length);
    case 'EXISTS':
      return lacking(1) ? wrong : number(args.filter((name) => data.has(name)).length);
    case 'KEYS':
      return list([...data.keys()]);
    case 'DBSIZE':
      return number(data.size);
    case 'INCR':
    case 'DECR': {
      const before = Number(data.get(key) ?? '0');
      if (!Number.isInteger(before)) return failure('ERR value is not an integer or out of range');
      const after = before + (command.toUpperCase() === 'INCR' ? 1 : -1);
      data.set(key, String(after));
      return number(after);
    }
    case 'FLUSHALL':
    case 'FLUSHDB':
      data.clear();
      return simple('OK');
    case 'INFO':
      return bulk(`# Server\r\nredis_version:${version}\r\nredis_mode:standalone\r\n`);
    case 'QUIT':
      return null;
    default:
      return failure(
        `ERR unknown command '${command}', with args beginning with: ${args.map((arg) => `'${arg}' `).join('')}`,
      );
  }
}

const server = defineServer({
  startMs: 250,
  memoryIdleBytes: 8 * mib,
  cpuIdleMillicores: 2,
  startLog: () =>
    `1:C * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n1:C * Redis version=${version}, bits=64\n1:M * Running mode=standalone, port=6379.\n1:M * Server initialized\n1:M * Ready to accept connections tcp\n`,
  ports: [
    definePort({
      port: 6379,
      cost: { cpuMicros: 20, latencyMs: 0.2, memoryBytes: 1024 },
      converse: execute,
    }),
  ],
});

/** `redis-cli [-h HOST] [-p PORT] [COMMAND …]`; without a command it reads them line by line. */
const redisCli: Program = async (process) => {
  const args = process.args.slice(1);
  const take = (flag: string, byDefault: string) => {
    const at = args.indexOf(flag);
    return at < 0 ? byDefault : (args.splice(at, 2)[1] ?? byDefault);
  };
  const host = take('-h', '127.0.0.1');
  const port = Number(take('-p', '6379'));
  const found = process.network?.lookUp(host);
  const fail = async (why: string) => {
    await process.stderr.write(`Could not connect to Redis at ${host}:${port}: ${why}\n`);
    return 1;
  };
  if (!process.network || !found?.addresses) return fail('Name or service not known');
  const connection = process.network.connect(found.addresses[0]!, port);
  if (connection.outcome !== 'open')
    return fail(connection.outcome === 'refused' ? 'Connection refused' : 'Connection timed out');
  const { converse } = connection.listener;
  const say = async (line: string) => {
    const raw = converse?.(line, connection.clientAddress) ?? null;
    if (raw === null) return false;
    await process.stdout.write(`${show(raw, process.stdout.terminal !== null)}\n`);
    return true;
  };
  if (args.length > 0) {
    await say(args.map((arg) => (/\s/.test(arg) ? JSON.stringify(arg) : arg)).join(' '));
    return 0;
  }
  for (;;) {
    if (process.stdin.terminal) await process.stdout.write(`${host}:${port}> `);
    const line = await process.stdin.readLine();
    if (line === null || /^(quit|exit)\s*$/i.test(line)) return 0;
    if (line.trim() !== '' && !(await say(line.trim()))) return 0;
  }
};

/** A raw reply as redis-cli prints it: with quotes and types to a person, plain to a pipe. */
function show(raw: string, isTerminal: boolean): string {
  const [first = '', ...rest] = raw.split('\r\n');
  const text = first.slice(1);
  if (first.startsWith('+')) return text;
  if (first.startsWith('-')) return isTerminal ? `(error) ${text}` : text;
  if (first.startsWith(':')) return isTerminal ? `(integer) ${text}` : text;
  if (first === '$-1') return isTerminal ? '(nil)' : '';
  if (first.startsWith('$')) return isTerminal ? JSON.stringify(rest[0]) : (rest[0] ?? '');
  const items = rest.filter((_, i) => i % 2 === 1);
  if (!isTerminal) return items.join('\n');
  return items.length === 0
    ? '(empty array)'
    : items.map((item, i) => `${i + 1}) ${JSON.stringify(item)}`).join('\n');
}

/** The key-value store: keeps what it is told until its container ends. */
export const redis = defineImage({
  name: 'redis',
  tags: ['latest', '8', '7', '6', '5', 'alpine'],
  sizeBytes: 52 * mb,
  entrypoint: ['docker-entrypoint.sh'],
  command: ['redis-server'],
  workingDirectory: '/data',
  environment: { REDIS_VERSION: version },
  programs: and(debianTools, [['redis-cli', redisCli]]),
  serverFor: (args) => (isCommand(args, 'redis-server') ? server : undefined),
});
