import { expect, test } from 'vitest';
import type { Container, PodSpec } from '#generated/types/core.v1.ts';
import { checkedPod } from './check.ts';
import { describeViolations, violationsOf } from './evaluate.ts';
import type { Level } from './policy.ts';

/** A pod that meets the strictest standard. */
const goodContainer: Container = {
  name: 'a',
  image: 'nginx',
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
};
const good: PodSpec = {
  containers: [goodContainer],
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
};

function container(more: object): PodSpec {
  const { securityContext, ...rest } = more as Partial<Container>;
  const merged = { ...goodContainer.securityContext, ...securityContext };
  return { ...good, containers: [{ ...goodContainer, ...rest, securityContext: merged }] };
}

function pod(more: object): PodSpec {
  const { securityContext, ...rest } = more as Partial<PodSpec>;
  return { ...good, ...rest, securityContext: { ...good.securityContext, ...securityContext } };
}

function found(level: Level, spec: PodSpec, version = 'latest', annotations = {}): string {
  return describeViolations(violationsOf(checkedPod({ annotations }, spec), { level, version }));
}

test('a careful pod meets both standards', () => {
  expect(found('baseline', good)).toBe('');
  expect(found('restricted', good)).toBe('');
});

// Facts from upstream's check_*_test.go.
test.each<[PodSpec, string]>([
  [
    pod({ hostNetwork: true, hostPID: true, hostIPC: true }),
    'host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)',
  ],
  [
    container({ securityContext: { capabilities: { drop: ['ALL'], add: ['FOO', 'CHOWN', 'BAR'] } } }),
    'non-default capabilities (container "a" must not include "BAR", "FOO" in securityContext.capabilities.add)',
  ],
  [
    pod({
      volumes: [
        { name: 'a', hostPath: { path: '/' } },
        { name: 'b', emptyDir: {} },
      ],
    }),
    'hostPath volumes (volume "a")',
  ],
  [
    {
      ...good,
      containers: [
        {
          ...goodContainer,
          ports: [
            { containerPort: 1, hostPort: 20 },
            { containerPort: 2, hostPort: 1 },
          ],
        },
      ],
    },
    'hostPort (container "a" uses hostPorts 1, 20)',
  ],
  [
    container({
      livenessProbe: { httpGet: { port: 80, host: '8.8.8.8' } },
      lifecycle: { preStop: { httpGet: { port: 80, host: 'x' } } },
    }),
    'probe or lifecycle host (container "a" uses probe or lifecycle hosts "8.8.8.8", "x")',
  ],
  [
    {
      ...container({ securityContext: { privileged: true } }),
      initContainers: [{ ...goodContainer, name: 'i', securityContext: { privileged: true } }],
    },
    'privileged (containers "i", "a" must not set securityContext.privileged=true)',
  ],
  [
    container({ securityContext: { procMount: 'Unmasked' } }),
    'procMount (container "a" must not set securityContext.procMount to "Unmasked")',
  ],
  [
    pod({ securityContext: { seLinuxOptions: { type: 'foo', user: 'u', role: 'r' } } }),
    'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "foo"; user may not be set; role may not be set)',
  ],
  [
    pod({ securityContext: { seccompProfile: { type: 'Unconfined' } } }),
    'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  [
    pod({
      securityContext: {
        sysctls: [
          { name: 'a', value: '' },
          { name: 'net.ipv4.tcp_rmem', value: '' },
          { name: 'b', value: '' },
        ],
      },
    }),
    'forbidden sysctls (a, b)',
  ],
  [
    pod({ securityContext: { windowsOptions: { hostProcess: true } } }),
    'hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)',
  ],
  [
    container({ securityContext: { appArmorProfile: { type: 'Unconfined' } } }),
    'forbidden AppArmor profile (container "a" must not set AppArmor profile type to "Unconfined")',
  ],
])('baseline finds in %j', (spec, expected) => {
  expect(found('baseline', spec)).toBe(expected);
  expect(found('privileged', spec)).toBe('');
});

test.each<[PodSpec, string]>([
  [
    {
      containers: [
        { name: 'a', image: 'nginx' },
        { name: 'b', image: 'nginx' },
      ],
    },
    'allowPrivilegeEscalation != false (containers "a", "b" must set securityContext.allowPrivilegeEscalation=false), ' +
      'unrestricted capabilities (containers "a", "b" must set securityContext.capabilities.drop=["ALL"]), ' +
      'runAsNonRoot != true (pod or containers "a", "b" must set securityContext.runAsNonRoot=true), ' +
      'seccompProfile (pod or containers "a", "b" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ],
  [
    container({ securityContext: { capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE', 'CHOWN'] } } }),
    'unrestricted capabilities (container "a" must not include "CHOWN" in securityContext.capabilities.add)',
  ],
  [
    pod({
      volumes: [
        { name: 'h', hostPath: { path: '/' } },
        { name: 'n', nfs: { server: 's', path: '/' } },
        { name: 'c', configMap: { name: 'c' } },
      ],
    }),
    'restricted volume types (volumes "h", "n" use restricted volume types "hostPath", "nfs")',
  ],
  [
    {
      ...container({ securityContext: { runAsNonRoot: false } }),
      securityContext: { runAsNonRoot: false, seccompProfile: { type: 'Localhost' } },
    },
    'runAsNonRoot != true (pod and container "a" must not set securityContext.runAsNonRoot=false)',
  ],
  [pod({ securityContext: { runAsUser: 0 } }), 'runAsUser=0 (pod must not set runAsUser=0)'],
  [
    container({ securityContext: { seccompProfile: { type: 'Unconfined' } } }),
    'seccompProfile (container "a" must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  [
    pod({ hostNetwork: true, securityContext: { runAsUser: 0 } }),
    'host namespaces (hostNetwork=true), runAsUser=0 (pod must not set runAsUser=0)',
  ],
])('restricted finds in %j', (spec, expected) => {
  expect(found('restricted', spec)).toBe(expected);
});

test.each<[string, Level, PodSpec, string]>([
  [
    'v1.21',
    'restricted',
    { ...good, containers: [{ ...goodContainer, securityContext: { allowPrivilegeEscalation: false } }] },
    '',
  ],
  [
    'v1.21',
    'restricted',
    container({ securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }),
    'non-default capabilities (container "a" must not include "SYS_ADMIN" in securityContext.capabilities.add)',
  ],
  ['v1.22', 'restricted', pod({ securityContext: { runAsUser: 0 } }), ''],
  [
    'v1.26',
    'baseline',
    pod({ securityContext: { sysctls: [{ name: 'net.ipv4.ip_local_reserved_ports', value: '' }] } }),
    'forbidden sysctls (net.ipv4.ip_local_reserved_ports)',
  ],
  [
    'v1.27',
    'baseline',
    pod({ securityContext: { sysctls: [{ name: 'net.ipv4.ip_local_reserved_ports', value: '' }] } }),
    '',
  ],
  ['v1.33', 'baseline', container({ livenessProbe: { tcpSocket: { port: 80, host: 'x' } } }), ''],
  [
    'v1.99',
    'restricted',
    pod({ hostUsers: false, securityContext: { runAsUser: 0, runAsNonRoot: false } }),
    '',
  ],
  [
    'latest',
    'restricted',
    {
      os: { name: 'windows' },
      containers: [{ name: 'a', image: 'x' }],
      securityContext: { runAsNonRoot: true },
    },
    '',
  ],
])('%s %s', (version, level, spec, expected) => {
  expect(found(level, spec, version)).toBe(expected);
});

test('an annotation is judged as it is, though the spec is known', () => {
  const annotations = { 'container.apparmor.security.beta.kubernetes.io/a': 'unconfined' };
  expect(found('baseline', good)).toBe('');
  expect(found('baseline', good, 'latest', annotations)).toBe(
    'forbidden AppArmor profile (annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/a=\\"unconfined\\"")',
  );
});
