// Upstream: kubectl/pkg/cmd/expose/expose.go
import type { Deployment } from '#generated/types/apps.v1.ts';
import type { Container, Pod, ReplicationController, Service } from '#generated/types/core.v1.ts';
import { applyMergePatch } from '#kubernetes/apimachinery/mergePatch.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Command } from '../command.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { withLastApplied } from '../lastApplied.ts';
import { parseDocument } from '#kubernetes/apimachinery/yamlDocument.ts';
import { printFlags } from '../output/printer.ts';
import { podSpecOf } from '../podSpecOf.ts';
import { assertBuiltIn } from '../replicaSets.ts';
import type { Target } from '../target.ts';
import { fileFlags, targetsOf } from '../targets.ts';
import { dryRunFlag, dryRunOf, dryRunQuery, fieldManagerFlag, resultPrinter } from '../writing.ts';

/** Longer names are cut, as a service's name is a DNS label. */
const nameMax = 63;

export const expose: Command = {
  name: 'expose',
  group: 'Basic Commands (Beginner)',
  summary:
    'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  long: 'Expose a resource as a new Kubernetes service.\n\n Looks up a deployment, service, replica set, replication controller or pod by name and uses the selector for that resource as the selector for a new service on the specified port.',
  examples: [
    [
      'Create a service for an nginx deployment, which serves on port 80 and connects to the containers on port 8000',
      'kubectl expose deployment nginx --port=80 --target-port=8000',
    ],
    [
      'Create a service for a pod valid-pod, which serves on port 444 with the name "frontend"',
      'kubectl expose pod valid-pod --port=444 --name=frontend',
    ],
  ],
  usage:
    'expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  arguments: 'resources',
  flags: [
    ...fileFlags,
    ...printFlags,
    dryRunFlag,
    fieldManagerFlag('kubectl-expose'),
    text(
      'cluster-ip',
      "ClusterIP to be assigned to the service. Leave empty to auto-allocate, or set to 'None' to create a headless service.",
    ),
    text(
      'external-ip',
      'Additional external IP address (not managed by Kubernetes) to accept for the service.',
    ),
    text('labels', 'Labels to apply to the service created by this call.', { short: 'l' }),
    text(
      'load-balancer-ip',
      'IP to assign to the LoadBalancer. If empty, an ephemeral IP will be created and used (cloud-provider specific).',
    ),
    text('name', 'The name for the newly created object.'),
    text('overrides', 'An inline JSON override for the generated object.'),
    text(
      'port',
      'The port that the service should serve on. Copied from the resource being exposed, if unspecified',
    ),
    text('protocol', "The network protocol for the service to be created. Default is 'TCP'."),
    bool('save-config', 'If true, the configuration of current object will be saved in its annotation.'),
    text(
      'selector',
      'A label selector to use for this service. Only equality-based selector requirements are supported.',
    ),
    text(
      'session-affinity',
      "If non-empty, set the session affinity for the service to this; legal values: 'None', 'ClientIP'",
    ),
    text(
      'target-port',
      'Name or number for the port on the container that the service should direct traffic to. Optional.',
    ),
    text(
      'type',
      "Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName. Default is 'ClusterIP'.",
      { values: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'] },
    ),
  ],
  async run(invocation) {
    const { flags, args } = invocation;
    const dryRun = await dryRunOf(invocation);
    const print = resultPrinter(invocation, dryRun, { sorted: false });
    const { targets, errors } = await targetsOf(invocation, { args });
    throwAll(errors);
    const services = (await invocation.mapper()).get('', 'services');
    for (const target of targets) {
      const composed = compose(invocation, target);
      const overrides = flags.text('overrides');
      const merged = overrides ? applyMergePatch(composed, parseDocument(overrides)) : composed;
      const service = flags.bool('save-config') ? withLastApplied(merged) : merged;
      const query = { ...dryRunQuery(dryRun), fieldManager: flags.text('field-manager') };
      const created =
        dryRun === 'client'
          ? service
          : await invocation.client.create(services, invocation.namespace, service, query);
      await print(created, 'exposed');
    }
  },
};

/** The labels that select the pods of what is exposed. */
function selectorOf({ resource, object }: Target): Readonly<Record<string, string>> {
  assertBuiltIn(object);
  const { spec, metadata } = object as Deployment;
  switch (object.kind) {
    case 'Pod':
      if (!metadata.labels || Object.keys(metadata.labels).length === 0) {
        throw new CommandError(
          "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed",
        );
      }
      return metadata.labels;
    case 'Service': {
      const { selector } = (object as unknown as Service).spec;
      if (!selector)
        throw new CommandError(
          "couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set",
        );
      return selector;
    }
    case 'ReplicationController':
      return (object as unknown as ReplicationController).spec.selector ?? {};
    case 'Deployment':
    case 'ReplicaSet':
      if (spec.selector.matchExpressions?.length) {
        throw new CommandError(
          `couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - "${JSON.stringify(spec.selector.matchExpressions)}" to map-based selector format`,
        );
      }
      return spec.selector.matchLabels ?? {};
    default: {
      const group = resource.group && `.${resource.group}`;
      throw new CommandError(`cannot expose a ${object.kind}${group}`);
    }
  }
}

interface Exposed {
  readonly port: number;
  readonly protocol: string;
}

function portsOf({ object }: Target): Exposed[] {
  if (object.kind === 'Service') {
    return ((object as Service).spec.ports ?? []).map(({ port, protocol = 'TCP' }) => ({ port, protocol }));
  }
  const containers: readonly Container[] =
    object.kind === 'Pod' ? (object as Pod).spec.containers : podSpecOf(object).containers;
  return containers.flatMap(({ ports = [] }) =>
    ports.map(({ containerPort, protocol = 'TCP' }) => ({ port: containerPort, protocol })),
  );
}

const numberOrName = (value: string) => (/^\d+$/.test(value) ? Number(value) : value);

function readLabels(pairs: string): Record<string, string> {
  return Object.fromEntries(pairs.split(',').map((pair) => pair.split('='))) as Record<string, string>;
}

function compose(invocation: Invocation, target: Target): KubeObject {
  const { flags } = invocation;
  const given = flags.text('selector');
  const selector = given ? readLabels(given) : selectorOf(target);
  const exposed = portsOf(target);
  const asked = flags.text('port');
  if (asked === '' && exposed.length === 0 && flags.text('cluster-ip') !== 'None') {
    throw new CommandError("couldn't find port via --port flag or introspection");
  }
  const wanted: readonly Exposed[] = asked
    ? asked.split(',').map((port) => ({
        port: Number(port),
        protocol: exposed.find((one) => one.port === Number(port))?.protocol ?? 'TCP',
      }))
    : exposed;
  const targetPort = flags.text('target-port');
  const ports = wanted.map(({ port, protocol }, i) => ({
    ...(wanted.length > 1 && { name: `port-${i + 1}` }),
    protocol: flags.text('protocol') || protocol,
    port,
    targetPort: targetPort ? numberOrName(targetPort) : port,
  }));
  const labels = flags.text('labels') ? readLabels(flags.text('labels')) : target.object.metadata.labels;
  const name = flags.text('name') || target.name.slice(0, nameMax);
  const headless = flags.text('cluster-ip');
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: {
      name,
      ...(invocation.namespaceIsExplicit && { namespace: invocation.namespace }),
      creationTimestamp: null,
      ...(labels && { labels }),
    },
    spec: {
      ...(ports.length > 0 && { ports }),
      selector,
      ...(headless && { clusterIP: headless }),
      ...(flags.text('type') && { type: flags.text('type') }),
      ...(flags.text('external-ip') && { externalIPs: [flags.text('external-ip')] }),
      ...(flags.text('session-affinity') && { sessionAffinity: flags.text('session-affinity') }),
      ...(flags.text('load-balancer-ip') && { loadBalancerIP: flags.text('load-balancer-ip') }),
    },
    status: { loadBalancer: {} },
  } as unknown as KubeObject;
}
