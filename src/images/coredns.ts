import type { Image } from '#world/machine/image.ts';
import type { ClusterDns } from './clusterDns.ts';
import { defineImage, definePort, defineServer, mb, mib } from './image.ts';

/** CoreDNS over what the cluster's caches know; `tags` can be pulled. */
export function corednsImage(dns: ClusterDns, tags: readonly string[]): Image {
  const server = defineServer({
    startMs: 500,
    cpuIdleMillicores: 2,
    memoryIdleBytes: 14 * mib,
    onTerminate: { afterMs: 5_000, exitCode: 0 },
    startLog: (_startedMs, _args, { imageTag }) =>
      `.:53\n[INFO] plugin/reload: Running configuration SHA512 = simulated\nCoreDNS-${imageTag.slice(1)}\nlinux/amd64, simulated\n`,
    ports: [
      definePort({ port: 53, protocol: 'UDP', isSteady: false, dns: (question) => dns.answer(question) }),
      definePort({ port: 53, protocol: 'TCP', isSteady: false, dns: (question) => dns.answer(question) }),
      definePort({ port: 8080, handle: (request) => plain(request.path === '/health' ? 200 : 404) }),
      definePort({ port: 8181, handle: (request) => plain(request.path === '/ready' ? 200 : 404) }),
    ],
  });
  return defineImage({
    name: 'registry.k8s.io/coredns/coredns',
    tags,
    sizeBytes: 23 * mb,
    entrypoint: ['/coredns'],
    serverFor: () => server,
  });
}

function plain(status: number) {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: status === 200 ? 'OK' : '404 page not found\n',
  };
}
