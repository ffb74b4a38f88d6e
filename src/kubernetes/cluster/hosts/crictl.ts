// Upstream: cri-tools/cmd/crictl
import type { Kubelet } from '#kubernetes/node/kubelet.ts';
import type { Container } from '#kubernetes/node/container.ts';
import type { Process, Program } from '#world/machine/program.ts';

interface Row {
  readonly container: Container;
  readonly attempt: number;
  readonly pod: string;
  readonly podId: string;
  readonly namespace: string;
}

const usage = `NAME:
   crictl - client for CRI

USAGE:
   crictl [global options] command [command options] [arguments...]

COMMANDS:
   images, image, img  List images
   logs                Fetch the logs of a container
   ps                  List containers
   stop                Stop one or more running containers
`;

/** What the runtime of one node runs: \`ps\`, \`logs\`, \`stop\`, \`images\`. */
export function crictl(kubelet: Kubelet): Program {
  return async (process) => {
    const words = process.args.slice(1);
    while (words[0]?.startsWith('-')) words.splice(0, words[0].includes('=') ? 1 : 2);
    const [command = 'help', ...rest] = words;
    switch (command) {
      case 'ps':
        return ps(process, kubelet, rest);
      case 'stop':
      case 'logs':
        return each(process, kubelet, rest, command);
      case 'images':
        return images(process, kubelet);
      case 'help':
        await process.stdout.write(usage);
        return 0;
      default:
        await process.stderr.write(`crictl: \`${command}\` is not simulated; see \`crictl help\`\n`);
        return 1;
    }
  };
}

function rowsOf(kubelet: Kubelet): Row[] {
  return [...kubelet.workers.values()].flatMap(({ pod, slots }) =>
    slots.flatMap(({ container, previous, restartCount }) =>
      [container, previous].flatMap((one, at) =>
        one === null
          ? []
          : {
              container: one,
              attempt: restartCount - at,
              pod: pod.metadata.name,
              podId: pod.metadata.uid.replaceAll('-', '').slice(0, 13),
              namespace: pod.metadata.namespace ?? '',
            },
      ),
    ),
  );
}

async function ps(process: Process, kubelet: Kubelet, words: readonly string[]): Promise<number> {
  const isAll = words.some((word) => /^-\w*a|^--all$/.test(word));
  const isQuiet = words.some((word) => /^-\w*q|^--quiet$/.test(word));
  const at = words.findIndex((word) => word === '--name');
  const name = at >= 0 ? words[at + 1] : words.find((word) => word.startsWith('--name='))?.slice(7);
  const { nowMs } = process.simulation;
  const rows = rowsOf(kubelet)
    .filter(({ container }) => isAll || container.isRunning)
    .filter(({ container }) => name === undefined || container.spec.name.includes(name))
    .sort((a, b) => b.container.startedMs - a.container.startedMs);
  if (isQuiet) {
    await process.stdout.write(rows.map(({ container }) => `${idOf(container)}\n`).join(''));
    return 0;
  }
  const cells = rows.map(({ container, attempt, pod, podId, namespace }) => [
    idOf(container).slice(0, 13),
    container.image.id.replace(/^.*sha256:/, '').slice(0, 13),
    `${humanDuration(nowMs - container.startedMs)} ago`,
    container.isRunning ? 'Running' : 'Exited',
    container.spec.name,
    String(attempt),
    podId,
    pod,
    namespace,
  ]);
  const heads = ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'];
  await process.stdout.write(columns([heads, ...cells]));
  return 0;
}

async function each(
  process: Process,
  kubelet: Kubelet,
  words: readonly string[],
  command: 'stop' | 'logs',
): Promise<number> {
  const ids = words.filter((word) => !word.startsWith('-'));
  if (ids.length === 0) {
    await process.stderr.write('ID cannot be empty\n');
    return 1;
  }
  for (const id of ids) {
    const found = rowsOf(kubelet).find(({ container }) => idOf(container).startsWith(id));
    if (found === undefined) {
      await process.stderr.write(
        `E FATA[0000] rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found\n`,
      );
      return 1;
    }
    if (command === 'stop') {
      found.container.stop(0);
      await process.stdout.write(`${id}\n`);
    } else
      await process.stdout.write(
        found.container.logs
          .entries()
          .map(({ text }) => text)
          .join(''),
      );
  }
  return 0;
}

async function images(process: Process, kubelet: Kubelet): Promise<number> {
  const cells = kubelet.images.list().map(({ image, id, name }) => {
    const [repository = '', tag = ''] = name.split(/:([^/:]+)$/);
    const size = `${(image.sizeBytes / 1_000_000).toFixed(1)}MB`;
    return [repository, tag, id.replace(/^.*sha256:/, '').slice(0, 13), size];
  });
  await process.stdout.write(columns([['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'], ...cells]));
  return 0;
}

/** Upstream: github.com/docker/go-units HumanDuration */
function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return 'Less than a second';
  if (seconds < 60) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes === 1 ? 'About a minute' : `${minutes} minutes`;
  const hours = Math.floor(minutes / 60 + 0.5);
  if (hours < 48) return hours === 1 ? 'About an hour' : `${hours} hours`;
  return `${Math.floor(hours / 24)} days`;
}

function idOf({ id }: Container): string {
  return id.replace('containerd://', '');
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map(
      (row) =>
        row
          .map((cell, i) => cell.padEnd(widths[i]! + 3))
          .join('')
          .trimEnd() + '\n',
    )
    .join('');
}
