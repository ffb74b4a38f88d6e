import type { Process, Program } from '#world/machine/program.ts';
import { statusPhrase } from '#world/network/http.ts';
import type { Listener } from '#world/network/network.ts';
import { type OptionTable, readOptions } from './options.ts';

const connectTimeoutMs = 134_500;

const table: OptionTable = {
  names: {
    z: 'scan',
    v: 'verbose',
    w: 'wait',
    n: 'numeric',
    u: 'udp',
    N: 'shutdown',
    q: 'quit',
    t: 'telnet',
  },
  values: new Set(['wait', 'quit']),
};

/** `nc [-zv] [-w SEC] HOST PORT`: looks whether a port is open, or talks to it line by line. */
export const nc: Program = async (process) => {
  const { flags, operands, unknown } = readOptions(process.args.slice(1), table);
  const [name, portText = ''] = operands;
  if (name === undefined || !/^\d+$/.test(portText) || unknown !== null) {
    await process.stderr.write('Usage: nc [-zv] [-w SEC] HOST PORT\n');
    return 1;
  }
  const port = Number(portText);
  const { network } = process;
  const found = network?.lookUp(name);
  if (found) await process.sleep(found.latencyMs);
  const address = found?.addresses?.[0];
  if (!network || address === undefined) {
    await process.stderr.write(`nc: bad address '${name}'\n`);
    return 1;
  }
  const connection = network.connect(address, port, flags.has('udp') ? 'UDP' : 'TCP');
  const waitMs = Number(flags.get('wait')?.at(-1) ?? Infinity) * 1000;
  const fail = async (why: string) => {
    await process.stderr.write(`nc: ${name} (${address}:${port}): ${why}\n`);
    return 1;
  };
  if (connection.outcome === 'timeout') {
    await process.sleep(Math.min(waitMs, connectTimeoutMs));
    return fail('Connection timed out');
  }
  await process.sleep(connection.latencyMs);
  if (connection.outcome !== 'open') {
    return fail(connection.outcome === 'refused' ? 'Connection refused' : 'Host is unreachable');
  }
  if (flags.has('verbose')) await process.stderr.write(`${name} (${address}:${port}) open\n`);
  if (flags.has('scan')) return 0;
  await talk(process, connection.listener, connection.clientAddress);
  return 0;
};

const badRequest =
  'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request';

/** Sends what is read and prints what comes back; HTTP is answered after the empty line. */
async function talk(process: Process, listener: Listener, clientAddress: string): Promise<void> {
  const head: string[] = [];
  for (;;) {
    const line = await process.stdin.readLine();
    if (line === null) return;
    const text = line.replace(/\r?\n$/, '');
    if (listener.converse) {
      const answer = listener.converse(text, clientAddress);
      if (answer === null) return;
      await process.stdout.write(answer);
    } else if (listener.http) {
      // What is no request line is refused before anything follows it.
      if (head.length === 0 && !/^[A-Z]+ \S+ HTTP\/\d/.test(text)) {
        await process.stdout.write(badRequest);
        return;
      }
      if (text !== '') {
        head.push(text);
        continue;
      }
      const [method = 'GET', path = '/'] = (head[0] ?? '').split(' ');
      const { response, latencyMs } = listener.http({ method, path, headers: {}, body: '', clientAddress });
      await process.sleep(latencyMs);
      const lines = Object.entries(response.headers).map(([key, value]) => `${key}: ${value}\r\n`);
      const status = `HTTP/1.1 ${response.status} ${statusPhrase(response.status)}\r\n`;
      await process.stdout.write(`${status}${lines.join('')}\r\n${response.body}`);
      return;
    }
  }
}
