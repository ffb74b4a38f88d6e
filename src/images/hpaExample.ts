import type { HttpResponse } from '#world/network/http.ts';
import { defineImage, definePort, defineServer, mb, mib } from './image.ts';
import { debianTools } from './tools.ts';

const ok: HttpResponse = {
  status: 200,
  headers: { server: 'Apache/2.4.10 (Debian)', 'content-length': '3' },
  body: 'OK!',
};

const server = defineServer({
  startMs: 1_000,
  memoryIdleBytes: 12 * mib,
  ports: [
    definePort({
      port: 80,
      handle: () => ok,
      cost: { cpuMicros: 25_000, latencyMs: 30, memoryBytes: 262_144 },
    }),
  ],
});

/** The PHP page of Kubernetes' own autoscaling walkthrough: each request computes a million square roots. */
export const hpaExample = defineImage({
  name: 'registry.k8s.io/hpa-example',
  tags: ['latest'],
  sizeBytes: 180 * mb,
  command: ['apache2-foreground'],
  programs: debianTools,
  serverFor: (args) => (args[0] === 'apache2-foreground' ? server : undefined),
});
