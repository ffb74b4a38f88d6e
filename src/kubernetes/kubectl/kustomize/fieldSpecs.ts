// Upstream: sigs.k8s.io/kustomize/api/internal/konfig/builtinpluginconsts

/** A field of some kinds; `creates` makes it where it is not there. */
export interface FieldSpec {
  readonly kinds?: readonly string[];
  readonly path: readonly string[];
  readonly creates: boolean;
}

const spec = (kinds: string, path: string, creates = true): FieldSpec => ({
  ...(kinds !== '' && { kinds: kinds.split(' ') }),
  path: path.split('/'),
  creates,
});

const workloads = 'ReplicationController Deployment ReplicaSet DaemonSet StatefulSet Job';

export const metadataLabels = [spec('', 'metadata/labels')];
export const templateLabels = [
  spec(workloads, 'spec/template/metadata/labels'),
  spec('CronJob', 'spec/jobTemplate/metadata/labels'),
  spec('CronJob', 'spec/jobTemplate/spec/template/metadata/labels'),
  spec('StatefulSet', 'spec/volumeClaimTemplates/*/metadata/labels'),
];
export const selectors = [
  spec('Service ReplicationController', 'spec/selector'),
  spec('Deployment ReplicaSet DaemonSet StatefulSet', 'spec/selector/matchLabels'),
  spec('Job PodDisruptionBudget', 'spec/selector/matchLabels', false),
  spec('CronJob', 'spec/jobTemplate/spec/selector/matchLabels', false),
  spec('NetworkPolicy', 'spec/podSelector/matchLabels', false),
  spec('NetworkPolicy', 'spec/ingress/*/from/*/podSelector/matchLabels', false),
  spec('NetworkPolicy', 'spec/egress/*/to/*/podSelector/matchLabels', false),
];
export const annotations = [
  spec('', 'metadata/annotations'),
  spec(workloads, 'spec/template/metadata/annotations'),
  spec('CronJob', 'spec/jobTemplate/metadata/annotations'),
  spec('CronJob', 'spec/jobTemplate/spec/template/metadata/annotations'),
];
export const replicas = [spec('Deployment ReplicationController ReplicaSet StatefulSet', 'spec/replicas')];

const podSpecs = [
  ['Pod', 'spec'],
  [workloads, 'spec/template/spec'],
  ['CronJob', 'spec/jobTemplate/spec/template/spec'],
] as const;

const inPods = (...paths: readonly string[]): FieldSpec[] =>
  podSpecs.flatMap(([kinds, at]) => paths.map((path) => spec(kinds, `${at}/${path}`, false)));

const inContainers = (...paths: readonly string[]): FieldSpec[] =>
  inPods(...paths.flatMap((path) => [`containers/*/${path}`, `initContainers/*/${path}`]));

export const images = inContainers('image');

/** Where names of a kind stand in other objects. Upstream: nameReferenceFieldSpecs, those of the kinds here */
export const references: Readonly<Record<string, readonly FieldSpec[]>> = {
  ConfigMap: [
    ...inPods('volumes/*/configMap/name', 'volumes/*/projected/sources/*/configMap/name'),
    ...inContainers('env/*/valueFrom/configMapKeyRef/name', 'envFrom/*/configMapRef/name'),
  ],
  Secret: [
    ...inPods(
      'volumes/*/secret/secretName',
      'volumes/*/projected/sources/*/secret/name',
      'imagePullSecrets/*/name',
    ),
    ...inContainers('env/*/valueFrom/secretKeyRef/name', 'envFrom/*/secretRef/name'),
    spec('ServiceAccount', 'imagePullSecrets/*/name', false),
    spec('Ingress', 'spec/tls/*/secretName', false),
  ],
  Service: [
    spec('StatefulSet', 'spec/serviceName', false),
    spec('Ingress', 'spec/defaultBackend/service/name', false),
    spec('Ingress', 'spec/rules/*/http/paths/*/backend/service/name', false),
  ],
  ServiceAccount: inPods('serviceAccountName'),
  PersistentVolumeClaim: inPods('volumes/*/persistentVolumeClaim/claimName'),
  PersistentVolume: [spec('PersistentVolumeClaim', 'spec/volumeName', false)],
  StorageClass: [spec('PersistentVolumeClaim PersistentVolume', 'spec/storageClassName', false)],
  PriorityClass: inPods('priorityClassName'),
};

/** Where an object names another with its kind beside the name. */
export const typedReferences: readonly FieldSpec[] = [
  spec('HorizontalPodAutoscaler', 'spec/scaleTargetRef', false),
  spec('RoleBinding ClusterRoleBinding', 'roleRef', false),
  spec('RoleBinding ClusterRoleBinding', 'subjects/*', false),
];
