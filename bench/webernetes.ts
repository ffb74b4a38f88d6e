import type { Run } from './cluster.ts';
import { cpuSeconds } from './figure.ts';

/** More pods than these it does not bring up. */
export const webernetesPodsMax = 500;

/** As much of its API as is used here. */
interface Webernetes {
  readonly BaseImage: abstract new (...args: never[]) => object;
  readonly Cluster: new (options: { nodes: number }) => {
    registerImage(image: unknown): void;
    init(): Promise<void>;
    apply(objects: readonly unknown[]): Promise<unknown>;
    informer(
      resource: 'pods',
      onChange: (type: 'add' | 'update' | 'delete', pod: Pod) => void,
    ): { stop(): unknown };
    close(): Promise<void>;
  };
}

interface Pod {
  readonly metadata?: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface Scope {
  waitUntilKilled(): Promise<number>;
}

const waitMax = 600_000;
const tickMs = 10;
let hasTold = false;

/** The same Deployment on webernetes; null, with a word, where it is not installed. */
export async function runWebernetes(
  nodeCount: number,
  podCount: number,
): Promise<(Run & { readonly bootS: number }) | null> {
  const webernetes = await load();
  if (webernetes === null) return null;
  class Server extends webernetes.BaseImage {
    static readonly imageName = 'nginx';
    static readonly imageVersion = 'latest';
    readonly defaultCommand = ['nginx'];
    exec({ waitUntilKilled }: Scope): Promise<number> {
      return waitUntilKilled();
    }
  }
  const bootedS = cpuSeconds();
  const cluster = new webernetes.Cluster({ nodes: nodeCount });
  cluster.registerImage(Server);
  await cluster.init();
  const bootS = cpuSeconds() - bootedS;
  const labels = { app: 'web' };
  const ready = new Set<string>();
  const informer = cluster.informer('pods', (type, { metadata, status }) => {
    const podName = metadata?.name ?? '';
    if (metadata?.labels?.['app'] !== labels.app) return;
    const isReady = status?.conditions?.some((entry) => entry.type === 'Ready' && entry.status === 'True');
    if (type !== 'delete' && isReady) ready.add(podName);
    else ready.delete(podName);
  });
  const startedS = cpuSeconds();
  await cluster.apply([
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas: podCount,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'nginx', image: 'nginx' }] } },
      },
    },
  ]);
  const longestBlockMs = await longestBlockUntil(() => ready.size >= podCount);
  const cpuS = cpuSeconds() - startedS;
  if (ready.size < podCount) console.error(`webernetes: ${ready.size} of ${podCount} pods became ready`);
  await informer.stop();
  await cluster.close();
  return { bootS, cpuS, longestBlockMs };
}

async function load(): Promise<Webernetes | null> {
  const at = process.argv.indexOf('--webernetes');
  if (at >= 0) return (await import(process.argv[at + 1]!)) as Webernetes;
  if (!hasTold)
    console.error(
      'webernetes is skipped; `npm install --no-save @ngrok/webernetes@0.3.5` has it measured beside.',
    );
  hasTold = true;
  return null;
}

/** How late a timer of the event loop came at most, until `isDone`. */
async function longestBlockUntil(isDone: () => boolean): Promise<number> {
  let longestMs = 0;
  const endMs = performance.now() + waitMax;
  let lastMs = performance.now();
  while (!isDone() && lastMs < endMs) {
    await new Promise((resolve) => setTimeout(resolve, tickMs));
    longestMs = Math.max(longestMs, performance.now() - lastMs - tickMs);
    lastMs = performance.now();
  }
  return longestMs;
}
