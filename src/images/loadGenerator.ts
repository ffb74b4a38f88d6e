import type { ContainerScope } from '#world/machine/image.ts';
import { parseUrl } from '#shell/network/url.ts';
import type { Flow } from '#world/traffic/traffic.ts';
import { defineImage, defineServer, mb, mib } from './image.ts';
import { busyboxTools } from './tools.ts';

const reportMs = 10_000;
/** Requests per second that one generator makes at most: the whole of the largest service we know of. */
const rateMax = 10_000_000;
const badUse = 2;

/** Sends `RATE` requests per second to `TARGET` from its start to its end, and logs how they fare. */
function onStart(container: ContainerScope): number | void {
  const { environment, simulation, traffic, network, memory } = container;
  const url = parseUrl(environment.get('TARGET') ?? '');
  const rate = Number(environment.get('RATE') ?? '1');
  if (url === null || !environment.has('TARGET')) {
    container.log('load-generator: TARGET must be a URL such as http://web:80/\n');
    return badUse;
  }
  if (!(rate >= 0 && rate <= rateMax)) {
    container.log(`load-generator: RATE must be a number from 0 to ${rateMax}\n`);
    return badUse;
  }
  const flow: Flow = {
    from: network,
    host: url.host,
    port: url.port,
    milliRequests: Math.round(rate * 1000),
  };
  const endFlow = traffic.start(flow);
  const name = `${url.scheme}://${url.host}:${url.port}${url.path}`;
  container.log(`load-generator: ${rate} requests/s to ${name}\n`);
  const endReports = simulation.every(reportMs, 'load-generator', () => {
    const { milliRequests, milliErrors, latencyMs, error } = traffic.resultOf(flow);
    const failed = milliErrors === 0 ? 'no errors' : `${milliErrors / 1000} errors/s`;
    const outcome = error === null ? `${failed}, ${latencyMs} ms on average` : `all fail: ${error}`;
    container.log(`${milliRequests / 1000} requests/s: ${outcome}\n`);
  });
  memory.set('end', () => {
    endFlow();
    endReports();
  });
}

function onEnd({ memory }: ContainerScope): void {
  (memory.get('end') as (() => void) | undefined)?.();
}

const server = defineServer({
  startMs: 100,
  cpuIdleMillicores: 20,
  memoryIdleBytes: 12 * mib,
  ports: [],
  onStart,
  onEnd,
});

/** A crowd: a rate of requests to one URL. `TARGET` is the URL, `RATE` how many a second. */
export const loadGenerator = defineImage({
  name: 'podarium/load-generator',
  tags: ['latest', '1.0'],
  sizeBytes: 8 * mb,
  command: ['load-generator'],
  programs: busyboxTools,
  serverFor: (args) => (args[0] === 'load-generator' ? server : undefined),
});
