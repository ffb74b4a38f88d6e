import { expect, test } from 'vitest';
import type { Node, Pod, Service } from '#generated/types/core.v1.ts';
import type { Endpoint } from '#generated/types/discovery.v1.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { desiredGroups } from './desiredEndpoints.ts';

function podOf(isReady: boolean, spec: object = {}, metadata: object = {}): Pod {
  return {
    metadata: { name: 'pod', namespace: 'default', uid: 'u', ...metadata },
    spec: { nodeName: 'node-1', containers: [], ...spec },
    status: { podIP: '1.2.3.5', conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
  } as unknown as Pod;
}

function serviceOf(spec: object = {}): Service {
  return {
    metadata: { name: 'foo', namespace: 'default' },
    spec: { ports: [{ port: 80 }], ...spec },
  } as unknown as Service;
}

/** The only node, in a zone or in none. */
function nodesIn(zone: string | null): Informer<Node> {
  const labels = zone === null ? {} : { 'topology.kubernetes.io/zone': zone };
  const get = (name: string) => (name === 'node-1' ? { metadata: { name, labels } } : undefined);
  return { get } as unknown as Informer<Node>;
}

function endpointOf(service: Service, pod: Pod, zone: string | null = null): Endpoint {
  return [...desiredGroups(service, [pod], nodesIn(zone)).values()][0]!.endpoints[0]!;
}

const leaving = { deletionTimestamp: '2026-01-01T00:00:00Z' };
const publishing = serviceOf({ publishNotReadyAddresses: true });

// Facts from upstream's TestPodToEndpoint.
test.each<[string, Service, Pod, [ready: boolean, serving: boolean, terminating: boolean]]>([
  ['Ready pod', serviceOf(), podOf(true), [true, true, false]],
  ['Ready pod + publishNotReadyAddresses', publishing, podOf(true), [true, true, false]],
  ['Unready pod', serviceOf(), podOf(false), [false, false, false]],
  ['Unready pod + publishNotReadyAddresses', publishing, podOf(false), [true, false, false]],
  ['Ready pod + terminating', serviceOf(), podOf(true, {}, leaving), [false, true, true]],
  ['Unready pod + terminating', serviceOf(), podOf(false, {}, leaving), [false, false, true]],
  [
    'Ready pod + terminating + publishNotReadyAddresses',
    publishing,
    podOf(true, {}, leaving),
    [true, true, true],
  ],
  [
    'Unready pod + terminating + publishNotReadyAddresses',
    publishing,
    podOf(false, {}, leaving),
    [true, false, true],
  ],
])('conditions: %s', (_what, service, pod, [ready, serving, terminating]) => {
  expect(endpointOf(service, pod).conditions).toEqual({ ready, serving, terminating });
});

test.each<[string, Pod, string | undefined]>([
  ['its own, below the Service', podOf(true, { hostname: 'foo-1', subdomain: 'foo' }), 'foo-1'],
  ['none without the Service’s subdomain', podOf(true, { hostname: 'foo-1', subdomain: 'other' }), undefined],
  ['none without a name', podOf(true, { subdomain: 'foo' }), undefined],
])('a host name: %s', (_what, pod, hostname) => {
  expect(endpointOf(serviceOf(), pod).hostname).toBe(hostname);
});

test.each<[string, Service, string | null, object]>([
  ['of the node', serviceOf(), 'us-central1-a', { zone: 'us-central1-a' }],
  ['of none', serviceOf(), null, {}],
  [
    'preferred',
    serviceOf({ trafficDistribution: 'PreferClose' }),
    'a',
    { zone: 'a', hints: { forZones: [{ name: 'a' }] } },
  ],
])('a zone: %s', (_what, service, zone, expected) => {
  const { zone: found, hints } = endpointOf(service, podOf(true), zone);
  expect({ ...(found !== undefined && { zone: found }), ...(hints && { hints }) }).toEqual(expected);
});

// Facts from upstream's TestGetEndpointPorts.
test.each<[string, object, object, object[]]>([
  [
    'a number',
    { ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    {},
    [{ name: 'http', port: 8080, protocol: 'TCP' }],
  ],
  [
    'a number and a protocol of the application',
    { ports: [{ name: 'http', port: 80, targetPort: 80, appProtocol: 'example.com/custom' }] },
    {},
    [{ name: 'http', port: 80, protocol: 'TCP', appProtocol: 'example.com/custom' }],
  ],
  [
    'a name of a container’s port',
    { ports: [{ name: 'http', port: 80, targetPort: 'web' }] },
    { containers: [{ ports: [{ name: 'web', containerPort: 8081, protocol: 'TCP' }] }] },
    [{ name: 'http', port: 8081, protocol: 'TCP' }],
  ],
  [
    'a name of another protocol',
    { ports: [{ name: 'http', port: 80, targetPort: 'web', protocol: 'UDP' }] },
    { containers: [{ ports: [{ name: 'web', containerPort: 8081, protocol: 'TCP' }] }] },
    [],
  ],
  [
    'a name that no container has',
    { ports: [{ name: 'http', port: 80, targetPort: 'none' }] },
    { containers: [{}] },
    [],
  ],
  [
    'a name of a sidecar’s port',
    { ports: [{ name: 'm', port: 80, targetPort: 'metrics' }] },
    {
      containers: [{}],
      initContainers: [
        { restartPolicy: 'Always', ports: [{ name: 'metrics', containerPort: 9100, protocol: 'TCP' }] },
      ],
    },
    [{ name: 'm', port: 9100, protocol: 'TCP' }],
  ],
])('ports: %s', (_what, spec, podSpec, ports) => {
  const [group] = desiredGroups(serviceOf(spec), [podOf(true, podSpec)], nodesIn(null)).values();
  expect(group!.ports).toEqual(ports);
});
