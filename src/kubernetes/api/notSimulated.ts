import { apiVersionOf, type AnyKind } from './kind.ts';
import type { KubeObject } from './object.ts';

/** A field that is valid and stored, but that nothing acts on yet (D8). An issue that adds it deletes its row. */
export interface Unsimulated {
  /** From the object's root; `[]` stands for each element of a list. */
  readonly path: string;
  /** What a learner must not expect, as the end of a sentence. */
  readonly why: string;
  /** Values that need no simulation, such as the default. Absent, false, zero and empty ones never do. */
  readonly unless?: readonly (string | number)[];
}

/** Of containers and of pods: what comes with every runtime changes nothing that anybody could see. */
const profiles: readonly Unsimulated[] = [
  { path: 'securityContext.seccompProfile.type', why: 'no system calls are filtered' },
  { path: 'securityContext.appArmorProfile.type', why: 'nodes have no security modules' },
].map((row) => ({ ...row, unless: ['RuntimeDefault', 'Unconfined'] }));

const container: readonly Unsimulated[] = [
  { path: 'securityContext.privileged', why: 'containers have no capabilities' },
  { path: 'securityContext.capabilities.add', why: 'containers have no capabilities' },
  { path: 'securityContext.seLinuxOptions', why: 'nodes have no security modules' },
  { path: 'securityContext.procMount', why: 'containers have no capabilities', unless: ['Default'] },
  { path: 'securityContext.windowsOptions', why: 'every node runs Linux' },
  ...profiles,
];

/** Volumes whose files a container does not find. */
const unmountedVolumes = [
  'nfs',
  'csi',
  'image',
  'iscsi',
  'fc',
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'flexVolume',
  'flocker',
  'gcePersistentDisk',
  'gitRepo',
  'glusterfs',
  'photonPersistentDisk',
  'portworxVolume',
  'quobyte',
  'rbd',
  'scaleIO',
  'storageos',
  'vsphereVolume',
];

/** Volumes whose data would be on servers or in clouds that there are not. */
const persistentSources = unmountedVolumes.filter((name) => !['csi', 'image', 'gitRepo'].includes(name));

/** Fields of a pod spec, in a pod or a template. */
const podSpec: readonly Unsimulated[] = [
  ...['containers', 'initContainers'].flatMap((list) =>
    container.map((row) => ({ ...row, path: `${list}[].${row.path}` })),
  ),
  ...unmountedVolumes.map((name) => ({
    path: `volumes[].${name}`,
    why:
      name === 'nfs'
        ? 'there is no such server: all who mount it share a directory'
        : 'the volume is an empty directory',
  })),
  ...['clusterTrustBundle', 'podCertificate'].map((name) => ({
    path: `volumes[].projected.sources[].${name}`,
    why: 'its file is not written',
  })),
  { path: 'resources', why: 'only containers’ requests and limits count' },
  { path: 'resourceClaims', why: 'there is no dynamic resource allocation' },
  {
    path: 'schedulingGroup',
    why: 'pods are placed one by one, unless the feature gate GenericWorkload is on',
  },
  { path: 'hostPID', why: 'the pod has processes of its own' },
  { path: 'hostIPC', why: 'the pod shares nothing with its node' },
  { path: 'hostUsers', why: 'containers have the node’s users' },
  { path: 'os.name', why: 'every node runs Linux', unless: ['linux'] },
  { path: 'securityContext.seLinuxOptions', why: 'nodes have no security modules' },
  { path: 'securityContext.windowsOptions', why: 'every node runs Linux' },
  ...profiles,
];

function prefixed(prefix: string, rows: readonly Unsimulated[]): readonly Unsimulated[] {
  return rows.map((row) => ({ ...row, path: `${prefix}.${row.path}` }));
}

const template = prefixed('spec.template.spec', podSpec);

/** By `apiVersion/Kind`: the one list of what is accepted and stored, but not simulated. */
export const notSimulated: Readonly<Record<string, readonly Unsimulated[]>> = {
  'v1/Pod': prefixed('spec', podSpec),
  'v1/Service': [
    { path: 'spec.ipFamilyPolicy', why: 'the cluster speaks IPv4 only', unless: ['SingleStack'] },
  ],
  'v1/Node': [{ path: 'spec.configSource', why: 'kubelets are not configured through it' }],
  'v1/PersistentVolume': [
    ...persistentSources.map((name) => ({
      path: `spec.${name}`,
      why: 'there is no such storage: the volume is a directory that all nodes share',
    })),
    {
      path: 'spec.csi.driver',
      why: 'there is no such driver: nothing attaches the volume',
      unless: ['disk.csi.podarium.io'],
    },
    { path: 'spec.mountOptions', why: 'file systems are mounted one way' },
  ],
  'v1/PersistentVolumeClaim': [
    {
      path: 'spec.dataSourceRef.apiGroup',
      why: 'there are no populators: no volume is made',
      unless: ['snapshot.storage.k8s.io'],
    },
    { path: 'spec.volumeAttributesClassName', why: 'volumes cannot be changed' },
  ],
  'v1/ReplicationController': template,
  'apps/v1/Deployment': template,
  'apps/v1/ReplicaSet': template,
  'apps/v1/DaemonSet': template,
  'apps/v1/StatefulSet': template,
  'batch/v1/CronJob': prefixed('spec.jobTemplate', template),
  'batch/v1/Job': template,
  'scheduling.k8s.io/v1alpha2/PodGroup': [
    { path: 'spec.schedulingConstraints', why: 'a group is placed wherever its pods fit' },
    { path: 'spec.resourceClaims', why: 'there is no dynamic resource allocation' },
    { path: 'spec.disruptionMode', why: 'pods of a group are evicted one by one', unless: ['Pod'] },
    { path: 'spec.priorityClassName', why: 'the priorities of its pods count' },
    { path: 'spec.priority', why: 'the priorities of its pods count' },
  ],
  'scheduling.k8s.io/v1alpha2/Workload': [
    { path: 'spec.podGroupTemplates', why: 'no controller makes groups of it' },
  ],
  'networking.k8s.io/v1/Ingress': [
    {
      path: 'spec.tls[].secretName',
      why: 'connections are taken as encrypted: certificates are not looked at',
    },
    { path: 'spec.rules[].http.paths[].backend.resource', why: 'controllers serve Services only' },
  ],
  'networking.k8s.io/v1/IngressClass': [{ path: 'spec.parameters', why: 'no ingress controller reads it' }],
  'networking.k8s.io/v1/IPAddress': [{ path: 'spec', why: 'Services take their addresses without it' }],
  'networking.k8s.io/v1/ServiceCIDR': [{ path: 'spec', why: 'Services take their addresses from one range' }],
  'storage.k8s.io/v1/StorageClass': [
    {
      path: 'provisioner',
      why: 'there is no such driver: nothing makes volumes by it',
      unless: ['rancher.io/local-path', 'disk.csi.podarium.io', 'kubernetes.io/no-provisioner'],
    },
    { path: 'mountOptions', why: 'file systems are mounted one way' },
  ],
  'storage.k8s.io/v1/VolumeAttributesClass': [{ path: 'driverName', why: 'there are no drivers' }],
  'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': [
    { path: 'webhooks[].clientConfig.caBundle', why: 'webhooks are called without TLS' },
  ],
  'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration': [
    { path: 'webhooks[].clientConfig.caBundle', why: 'webhooks are called without TLS' },
  ],
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy': [
    { path: 'spec.auditAnnotations', why: 'there is no audit log' },
  ],
  'apiregistration.k8s.io/v1/APIService': [{ path: 'spec.service', why: 'requests are not handed on to it' }],
};

/** Whether a value asks for anything: absent, false, zero and empty ones do not. */
function isSet(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value);
  return Object.keys(value).length > 0;
}

/** Volumes and probes ask for something even when they are empty. */
const meaningfulEmpty = /^image$/;

function valuesAt(value: unknown, steps: readonly string[], path: string): [path: string, value: unknown][] {
  const [step, ...rest] = steps;
  if (step === undefined) return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  const name = step.endsWith('[]') ? step.slice(0, -2) : step;
  const child = (value as Record<string, unknown>)[name];
  const childPath = path === '' ? name : `${path}.${name}`;
  if (!step.endsWith('[]')) return child === undefined ? [] : valuesAt(child, rest, childPath);
  return Array.isArray(child)
    ? child.flatMap((element, index) => valuesAt(element, rest, `${childPath}[${index}]`))
    : [];
}

function warningsOf(object: KubeObject, { path, why, unless }: Unsimulated): string[] {
  return valuesAt(object, path.split('.'), '')
    .filter(([where, value]) => isSet(value) || meaningfulEmpty.test(where.slice(where.lastIndexOf('.') + 1)))
    .filter(([, value]) => !unless?.includes(value as string))
    .map(([where]) => `${where}: stored, but not simulated by Podarium yet: ${why}`);
}

/** A sentence for each field of the object that is stored but not simulated; for `Warning` headers. */
export function warningsFor(kind: AnyKind, object: KubeObject): string[] {
  const rows = notSimulated[`${apiVersionOf(kind)}/${kind.kind}`] ?? [];
  return rows.flatMap((row) => warningsOf(object, row));
}
