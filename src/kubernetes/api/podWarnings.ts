// Upstream: pkg/api/pod/warnings.go, pkg/api/node/util.go
import type { Container, PodSpec, PodTemplateSpec } from '#generated/types/core.v1.ts';
import { checkDns1123Label } from '#kubernetes/apimachinery/names.ts';
import { parseQuantity } from '#kubernetes/apimachinery/quantity.ts';
import { joinPath } from './fieldChecks.ts';
import { remembered } from './sharing.ts';

const newerLabels: Readonly<Record<string, readonly [since: string, instead: string]>> = {
  'beta.kubernetes.io/arch': ['v1.14', 'kubernetes.io/arch'],
  'beta.kubernetes.io/os': ['v1.14', 'kubernetes.io/os'],
  'beta.kubernetes.io/instance-type': ['v1.17', 'node.kubernetes.io/instance-type'],
  'failure-domain.beta.kubernetes.io/region': ['v1.17', 'topology.kubernetes.io/region'],
  'failure-domain.beta.kubernetes.io/zone': ['v1.17', 'topology.kubernetes.io/zone'],
};

const oldVolumes: Readonly<Record<string, string>> = {
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
};

function deprecatedLabel(name: string): string | undefined {
  const newer = newerLabels[name];
  return newer && `deprecated since ${newer[0]}; use "${newer[1]}" instead`;
}

function placementWarnings(spec: PodSpec): string[] {
  const warnings: string[] = [];
  for (const name of Object.keys(spec.nodeSelector ?? {})) {
    const sentence = deprecatedLabel(name);
    if (sentence) warnings.push(`nodeSelector[${name}]: ${sentence}`);
  }
  const path = 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const [index, { matchExpressions = [] }] of terms.entries())
    for (const [at, { key }] of matchExpressions.entries()) {
      const sentence = deprecatedLabel(key);
      if (sentence) warnings.push(`${path}[${index}].matchExpressions[${at}].key: ${key} is ${sentence}`);
    }
  for (const [index, { topologyKey, labelSelector }] of (spec.topologySpreadConstraints ?? []).entries()) {
    const sentence = deprecatedLabel(topologyKey);
    const field = `topologySpreadConstraints[${index}]`;
    if (sentence) warnings.push(`${field}.topologyKey: ${topologyKey} is ${sentence}`);
    if (labelSelector === undefined)
      warnings.push(`${field}.labelSelector: a null labelSelector results in matching no pod`);
  }
  return warnings;
}

function repeated(list: string, field: string, values: readonly string[]): string[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) < index
      ? [`${list}[${index}].${field}: duplicate ${field} ${JSON.stringify(value)}`]
      : [],
  );
}

function listWarnings(spec: PodSpec): string[] {
  const secrets = (spec.imagePullSecrets ?? []).map(({ name = '' }) => name);
  return [
    ...(spec.volumes ?? []).flatMap((volume, index) =>
      Object.keys(volume).flatMap((source) =>
        oldVolumes[source] === undefined ? [] : [`volumes[${index}].${source}: ${oldVolumes[source]}`],
      ),
    ),
    ...repeated(
      'hostAliases',
      'ip',
      (spec.hostAliases ?? []).map(({ ip }) => ip),
    ),
    ...repeated('imagePullSecrets', 'name', secrets),
    ...secrets.flatMap((name, index) =>
      name === '' ? [`imagePullSecrets[${index}].name: invalid empty name ""`] : [],
    ),
  ];
}

/** Memory in millis (`100m`) is a slip of the pen: nobody means a tenth of a byte. */
function fractionWarnings({ resources }: Container): string[] {
  return (['limits', 'requests'] as const).flatMap((list) =>
    ['memory', 'ephemeral-storage'].flatMap((name) => {
      const amount = resources?.[list]?.[name];
      if (amount === undefined || parseQuantity(amount).millis % 1000 === 0) return [];
      return [`resources.${list}[${name}]: fractional byte value "${amount}" is invalid, must be an integer`];
    }),
  );
}

function environmentWarnings({ env = [] }: Container): string[] {
  const names = new Set<string>();
  return env.flatMap(({ name, value = '', valueFrom }, index) => {
    const reference = `$(${name})`;
    const builtOn = !valueFrom && value !== reference && value.includes(reference);
    const hides = names.has(name) && !builtOn;
    names.add(name);
    return hides
      ? [
          `env[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
        ]
      : [];
  });
}

const containerLists = ['initContainers', 'containers'] as const;

function containerWarnings(spec: PodSpec): string[] {
  return containerLists.flatMap((list) =>
    (spec[list] ?? []).flatMap((container, index) =>
      [...fractionWarnings(container), ...environmentWarnings(container)].map(
        (warning) => `${list}[${index}].${warning}`,
      ),
    ),
  );
}

/** Two containers of a pod share its address: on one port only one of them can listen. */
function portWarnings(path: string, spec: PodSpec): string[] {
  const fields = new Map<string, string>();
  const warnings: string[] = [];
  for (const list of containerLists)
    for (const [index, { ports = [] }] of (spec[list] ?? []).entries())
      for (const [at, { containerPort, protocol, hostIP = '', hostPort = 0 }] of ports.entries()) {
        const field = joinPath(path, `${list}[${index}].ports[${at}]`);
        const key = `${containerPort}/${protocol}/${hostIP}/${hostPort}`;
        const other = fields.get(key);
        if (other === undefined) fields.set(key, field);
        else warnings.push(`${field}: duplicate port definition with ${other}`);
      }
  return warnings;
}

/** Warnings whose fields are relative to the pod spec. Remembered per spec. */
const specWarnings = remembered((spec: PodSpec): readonly string[] => {
  const grace = spec.terminationGracePeriodSeconds ?? 0;
  return [
    ...placementWarnings(spec),
    ...listWarnings(spec),
    ...containerWarnings(spec),
    ...(grace < 0
      ? ['terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1']
      : []),
  ];
});

const repeatsPorts = remembered((spec: PodSpec) => portWarnings('', spec).length > 0);

/** What is allowed in a pod spec at `path`, but unwise or of no use. */
export function podSpecWarnings(path: string, spec: PodSpec | undefined): string[] {
  if (spec === undefined) return [];
  const warnings = specWarnings(spec).map((warning) => joinPath(path, warning));
  return repeatsPorts(spec) ? [...warnings, ...portWarnings(path, spec)] : warnings;
}

/** As `podSpecWarnings`, for a template at `spec.template`, and for the name that its pods are named after. */
export function templateWarnings(name: string, template: PodTemplateSpec | undefined): string[] {
  return [
    ...hostnameWarnings(name, 'Pod names and hostnames'),
    ...podSpecWarnings('spec.template.spec', template?.spec),
  ];
}

/** A name with dots is good for an object, but not for a host. */
export function hostnameWarnings(name: string, use: string): string[] {
  const sentences = checkDns1123Label(name);
  if (sentences.length === 0) return [];
  const advice = 'which can result in surprising behavior; a DNS label is recommended';
  return [`metadata.name: this is used in ${use}, ${advice}: [${sentences.join(' ')}]`];
}
