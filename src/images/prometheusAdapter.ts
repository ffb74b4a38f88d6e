import { defineImage, definePort, defineServer, mb, mib } from './image.ts';

/** The port of its aggregated API. */
const securePort = 6443;

const server = defineServer({
  startMs: 2_000,
  cpuIdleMillicores: 2,
  memoryIdleBytes: 40 * mib,
  ports: [definePort({ port: securePort })],
});

/** Serves custom and external metrics while it runs; where they come from see `kubernetes/node/customMetrics.ts`. */
export const prometheusAdapter = defineImage({
  name: 'registry.k8s.io/prometheus-adapter/prometheus-adapter',
  tags: ['v0.12.0', 'v0.11.2', 'latest'],
  sizeBytes: 31 * mb,
  command: ['/adapter'],
  serverFor: () => server,
});
