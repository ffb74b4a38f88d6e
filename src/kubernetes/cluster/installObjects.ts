// Upstream: pkg/registry/flowcontrol/rest, kube-aggregator/pkg/controllers/autoregister, pkg/controlplane/controller/defaultservicecidr
import type { FlowSchemaSpec } from '#generated/types/flowcontrol.v1.ts';
import { apiServices } from '#kubernetes/api/apiregistration/apiService.ts';
import { bootstrapFlowSchemas, bootstrapPriorityLevels } from '#kubernetes/api/flowcontrol/bootstrap.ts';
import { flowSchemas } from '#kubernetes/api/flowcontrol/flowSchema.ts';
import { priorityLevelConfigurations } from '#kubernetes/api/flowcontrol/priorityLevelConfiguration.ts';
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { trackingConfigMap } from '#kubernetes/api/legacyTokens.ts';
import { serviceCidrs } from '#kubernetes/api/networking/serviceCidr.ts';
import type { Client } from '#kubernetes/client/client.ts';

/** Upstream: apiVersionPriorities of kube-apiserver's aggregator. Groups that are not here are custom resources'. */
const groupPriorities: Readonly<Record<string, number>> = {
  '': 18_000,
  apps: 17_800,
  'events.k8s.io': 17_750,
  'authentication.k8s.io': 17_700,
  'authorization.k8s.io': 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  'certificates.k8s.io': 17_300,
  'networking.k8s.io': 17_200,
  policy: 17_100,
  'rbac.authorization.k8s.io': 17_000,
  'storage.k8s.io': 16_800,
  'apiextensions.k8s.io': 16_700,
  'admissionregistration.k8s.io': 16_700,
  'scheduling.k8s.io': 16_600,
  'coordination.k8s.io': 16_500,
  'node.k8s.io': 16_300,
  'discovery.k8s.io': 16_200,
  'flowcontrol.apiserver.k8s.io': 16_100,
};

/** Where a version stands among those of its group, when it is not the usual place. */
const versionPriorities: Readonly<Record<string, number>> = {
  'v1.': 1,
  'v2.autoscaling': 30,
  'v1.flowcontrol.apiserver.k8s.io': 21,
};
const usualVersionPriority = 15;

/** The range that Services take their addresses from. */
const serviceRange = '10.96.0.0/12';

function installFlowControl(client: Client, now: string): void {
  const annotations = { 'apf.kubernetes.io/autoupdate-spec': 'true' };
  for (const [name, spec] of Object.entries(bootstrapPriorityLevels))
    client.create(priorityLevelConfigurations, { metadata: { name, annotations }, spec });
  for (const [name, spec] of Object.entries(bootstrapFlowSchemas)) {
    const schema = client.create(flowSchemas, { metadata: { name, annotations }, spec });
    client.updateStatus(flowSchemas, { ...schema, status: { conditions: [notDangling(spec, now)] } });
  }
}

function notDangling({ priorityLevelConfiguration: { name } }: FlowSchemaSpec, now: string): object {
  return {
    type: 'Dangling',
    status: 'False',
    lastTransitionTime: now,
    reason: 'Found',
    message: `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(name)} and it exists`,
  };
}

/** One APIService for each group and version that the server itself serves. */
function installApiServices(client: Client, kinds: KindSet): void {
  const labels = { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' };
  const versions = new Map(
    kinds.all
      .filter(({ group }) => Object.hasOwn(groupPriorities, group))
      .map(({ group, version }) => [`${version}.${group}`, { group, version }]),
  );
  for (const [name, { group, version }] of versions)
    client.create(apiServices, {
      metadata: { name, labels },
      spec: {
        ...(group !== '' && { group }),
        version,
        groupPriorityMinimum: groupPriorities[group]!,
        versionPriority: versionPriorities[name] ?? usualVersionPriority,
      },
    });
}

/** Metrics are somebody else's API, which the server hands requests on to. Upstream: metrics-server/manifests/base/apiservice.yaml */
function installMetricsApi(client: Client, now: string): void {
  const service = client.create(apiServices, {
    metadata: { name: 'v1beta1.metrics.k8s.io', labels: { 'k8s-app': 'metrics-server' } },
    spec: {
      service: { name: 'metrics-server', namespace: 'kube-system' },
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  });
  const available = {
    type: 'Available',
    status: 'True',
    lastTransitionTime: now,
    reason: 'Passed',
    message: 'all checks passed',
  };
  client.updateStatus(apiServices, { ...service, status: { conditions: [available] } });
}

function installServiceRange(client: Client, now: string): void {
  const range = client.create(serviceCidrs, {
    metadata: { name: 'kubernetes', finalizers: ['networking.k8s.io/service-cidr-finalizer'] },
    spec: { cidrs: [serviceRange] },
  });
  const ready = {
    type: 'Ready',
    status: 'True',
    lastTransitionTime: now,
    reason: '',
    message: 'Kubernetes Service CIDR is ready',
  };
  client.updateStatus(serviceCidrs, { ...range, status: { conditions: [ready] } });
}

/** Since when uses of tokens in Secrets are noted. Upstream: pkg/controlplane/controller/legacytokentracking */
function installTokenTracking(client: Client, now: string): void {
  client.create(configMaps, {
    metadata: { name: trackingConfigMap, namespace: 'kube-system' },
    data: { since: now.slice(0, 10) },
  });
}

/** The objects that the API server makes of kinds that come with its second load. `now` is in RFC 3339. */
export function installObjects(client: Client, kinds: KindSet, now: string): void {
  installFlowControl(client, now);
  installApiServices(client, kinds);
  installMetricsApi(client, now);
  installServiceRange(client, now);
  installTokenTracking(client, now);
}
