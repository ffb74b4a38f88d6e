import type { ContainerScope, Image } from '#world/machine/image.ts';
import type { Program } from '#world/machine/program.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
import { defineImage, definePort, defineServer, mb, mib } from './image.ts';

/** What a component of the control plane looks like from outside: its weight, its port, its health answer. */
interface Part {
  readonly name: string;
  readonly sizeMb: number;
  readonly memoryMib: number;
  readonly cpuMillicores: number;
  readonly port: number;
}

const parts: readonly Part[] = [
  { name: 'kube-apiserver', sizeMb: 30, memoryMib: 325, cpuMillicores: 40, port: 6443 },
  { name: 'kube-controller-manager', sizeMb: 23, memoryMib: 100, cpuMillicores: 15, port: 10257 },
  { name: 'kube-scheduler', sizeMb: 18, memoryMib: 50, cpuMillicores: 5, port: 10259 },
  { name: 'kube-proxy', sizeMb: 26, memoryMib: 24, cpuMillicores: 1, port: 10256 },
];

const etcd: Part = { name: 'etcd', sizeMb: 58, memoryMib: 47, cpuMillicores: 20, port: 2379 };

/** What the programs in the containers do happens elsewhere; it begins and ends with them. */
export interface ControlPlanePrograms {
  /** Answers on the API server's port. */
  serveApi(request: HttpRequest, container: ContainerScope): HttpResponse;
  /** A program starts in a container; a number is the exit code of one that cannot go on. */
  started(name: string, container: ContainerScope): number | void;
  ended(name: string, container: ContainerScope): void;
  /** What a program prints when it starts. */
  startLog(name: string, startedMs: number, container: ContainerScope): string;
  /** What can be run in etcd's container; it may grow. */
  readonly tools: ReadonlyMap<string, Program>;
}

/**
 * The images of the control plane's static pods. What their programs do happens in the rooms of the same names; a
 * container of them shows where it runs, what it weighs, and that it is well. `tags` are those that can be pulled, the
 * newest first.
 */
export function controlPlaneImages(
  tags: { readonly kubernetes: readonly string[]; readonly etcd: readonly string[] },
  programs: ControlPlanePrograms,
): readonly Image[] {
  return [
    component(etcd, tags.etcd, programs),
    ...parts.map((part) => component(part, tags.kubernetes, programs)),
  ];
}

function component(
  { name, sizeMb, memoryMib, cpuMillicores, port }: Part,
  tags: readonly string[],
  { serveApi, started, ended, startLog, tools }: ControlPlanePrograms,
): Image {
  const handle = name === 'kube-apiserver' ? serveApi : () => ({ status: 200, headers: {}, body: 'ok' });
  const server = defineServer({
    startMs: 300,
    cpuIdleMillicores: cpuMillicores,
    memoryIdleBytes: memoryMib * mib,
    startLog: (startedMs, _args, container) => startLog(name, startedMs, container),
    ports: [definePort({ port, handle })],
    onStart: (container) => started(name, container),
    onEnd: (container) => ended(name, container),
  });
  return defineImage({
    name: `registry.k8s.io/${name}`,
    tags,
    sizeBytes: sizeMb * mb,
    entrypoint: [`/usr/local/bin/${name}`],
    ...(name === 'etcd' && { programs: tools }),
    serverFor: () => server,
  });
}
