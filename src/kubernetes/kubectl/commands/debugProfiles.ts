// Upstream: kubectl/pkg/cmd/debug/profiles.go
import type { Container, Pod, PodSpec, SecurityContext } from '#generated/types/core.v1.ts';
import { CommandError } from '../errors.ts';

/** What is debugged: a running pod from inside, a copy of one, or a node. */
export type DebugStyle = 'ephemeral' | 'copy' | 'node';

type Spec = Omit<PodSpec, 'nodeName'>;

/** What is kept of a pod that is copied. */
export interface Kept {
  readonly labels: boolean;
  readonly annotations: boolean;
  readonly liveness: boolean;
  readonly readiness: boolean;
  readonly startup: boolean;
  readonly initContainers: boolean;
}

interface Profile {
  /** Of the debugging container; undefined leaves it as it is. */
  readonly security?: Partial<Readonly<Record<DebugStyle, SecurityContext>>>;
  /** A node's debugging pod runs in the namespaces of the node. */
  readonly usesHost: boolean;
  /** A node's debugging pod has the node's files at `/host`. */
  readonly mountsHost: boolean;
}

const adding = (...add: string[]): SecurityContext => ({ capabilities: { add } });
const everywhere = (context: SecurityContext) => ({ ephemeral: context, copy: context, node: context });

const profiles: Readonly<Record<string, Profile>> = {
  legacy: { usesHost: true, mountsHost: true },
  general: {
    security: { ephemeral: adding('SYS_PTRACE'), copy: adding('SYS_PTRACE') },
    usesHost: true,
    mountsHost: true,
  },
  baseline: { usesHost: false, mountsHost: false },
  restricted: {
    security: everywhere({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    }),
    usesHost: false,
    mountsHost: false,
  },
  netadmin: { security: everywhere(adding('NET_ADMIN', 'NET_RAW')), usesHost: true, mountsHost: false },
  sysadmin: { security: everywhere({ privileged: true }), usesHost: true, mountsHost: true },
};

/** Throws CommandError for a name that is none. */
export function checkProfile(name: string): void {
  if (profiles[name] === undefined) throw new CommandError(`unknown profile: ${name}`);
}

/** The debugging container as its profile has it. */
export function withProfile<C extends Container>(container: C, profile: string, style: DebugStyle): C {
  const securityContext = profiles[profile]!.security?.[style];
  return securityContext === undefined ? container : { ...container, securityContext };
}

/**
 * A copy without what would make it look like the original to others. The legacy profile takes its labels only, whatever
 * is to be kept.
 */
export function asCopy(pod: Pod, profile: string, kept: Kept): Pod {
  const { labels, ...unlabelled } = pod.metadata;
  if (profile === 'legacy') return { ...pod, metadata: unlabelled };
  const { annotations, ...metadata } = unlabelled;
  const { initContainers, ...spec } = pod.spec;
  const containers = spec.containers.map((container) => {
    const { livenessProbe, readinessProbe, startupProbe, ...rest } = container;
    return {
      ...rest,
      ...(kept.liveness && livenessProbe && { livenessProbe }),
      ...(kept.readiness && readinessProbe && { readinessProbe }),
      ...(kept.startup && startupProbe && { startupProbe }),
    };
  });
  return {
    ...pod,
    metadata: {
      ...metadata,
      ...(kept.labels && labels && { labels }),
      ...(kept.annotations && annotations && { annotations }),
    },
    spec: {
      ...spec,
      containers,
      ...(kept.initContainers && initContainers && { initContainers }),
      shareProcessNamespace: spec.shareProcessNamespace ?? true,
    },
  };
}

/** A node's debugging pod as its profile has it: `spec` has one container. */
export function onNode(spec: Spec, profile: string): Spec {
  const { usesHost, mountsHost } = profiles[profile]!;
  const mount = { name: 'host-root', mountPath: '/host' };
  return {
    ...spec,
    ...(mountsHost && {
      containers: spec.containers.map((container) => ({ ...container, volumeMounts: [mount] })),
      volumes: [{ name: 'host-root', hostPath: { path: '/' } }],
    }),
    ...(usesHost && { hostNetwork: true, hostPID: true, hostIPC: true }),
  };
}
