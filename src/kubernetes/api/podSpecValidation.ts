// Upstream: ValidatePodSpec and ValidatePodTemplateSpec in pkg/apis/core/validation/validation.go
import type { Container, PodSpec, PodTemplateSpec } from '#generated/types/core.v1.ts';
import {
  duplicate,
  forbidden,
  invalidValue,
  notSupported,
  required,
} from '#kubernetes/apimachinery/fieldErrors.ts';
import { type Selector, validateLabels } from '#kubernetes/apimachinery/labels.ts';
import { checkDns1123Label, checkDns1123Subdomain, checkLabelKey } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import {
  forbidEphemeral,
  validateContainer,
  validateContainerRestartPolicy,
  validateId,
  validatePodContainer,
  validateResources,
} from './containerValidation.ts';
import { invalidFor, under, validateEnum } from './fieldChecks.ts';
import { validateAnnotations } from './objectMeta.ts';
import { validateAffinity, validateSpread, validateTolerations } from './placementValidation.ts';
import { checkPodSpec } from './podSpecChecks.ts';
import { isSidecar } from './podStatus.ts';
import { forbidProbes, validateProbes } from './probeValidation.ts';
import { remembered } from './sharing.ts';
import { validateMounts, validateVolumes } from './volumeValidation.ts';

const int32Max = 2 ** 31 - 1;
const restartPolicies = ['Always', 'OnFailure', 'Never'];
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

const validateProbesOnce = remembered(validateProbes);

function validateContainers(spec: PodSpec): FieldError[] {
  const { containers, volumes = [] } = spec;
  if (containers.length === 0) return [required('containers')];
  const names = new Set<string>();
  const errors = containers.flatMap((container, index) => {
    const own = [
      ...validateContainer(container),
      ...validateMounts(container, volumes),
      ...validateProbesOnce(container),
      ...validateContainerRestartPolicy(container),
    ];
    if (names.has(container.name)) own.push(duplicate('name', container.name));
    names.add(container.name);
    return under(`containers[${index}]`, own);
  });
  return [...errors, ...validateHostPorts(containers, 'containers')];
}

function validateInitContainers(spec: PodSpec): FieldError[] {
  const { initContainers = [], containers, volumes = [] } = spec;
  const names = new Set(containers.map(({ name }) => name));
  return initContainers.flatMap((container, index) => {
    const own = [
      ...validateContainer(container),
      ...validateMounts(container, volumes),
      ...validateContainerRestartPolicy(container),
      ...(isSidecar(container) ? validateProbesOnce(container) : forbidProbes(container)),
    ];
    if (names.has(container.name)) own.push(duplicate('name', container.name));
    names.add(container.name);
    return under(`initContainers[${index}]`, own);
  });
}

function validateHostPorts(containers: readonly Container[], path: string): FieldError[] {
  const seen = new Set<string>();
  return containers.flatMap(({ ports = [] }, index) =>
    ports.flatMap(({ protocol, hostIP = '', hostPort }, portIndex) => {
      if (!hostPort) return [];
      const key = `${protocol}/${hostIP}/${hostPort}`;
      const field = `${path}[${index}].ports[${portIndex}].hostPort`;
      if (seen.has(key)) return [duplicate(field, key)];
      seen.add(key);
      return [];
    }),
  );
}

function validateHostNetwork({ hostNetwork, containers }: PodSpec): FieldError[] {
  if (!hostNetwork) return [];
  return containers.flatMap(({ ports = [] }, index) =>
    ports.flatMap(({ hostPort, containerPort }, portIndex) =>
      hostPort && hostPort !== containerPort
        ? [
            invalidValue(
              `containers[${index}].ports[${portIndex}].hostPort`,
              hostPort,
              'must match `containerPort` when `hostNetwork` is true',
            ),
          ]
        : [],
    ),
  );
}

function validateSecurityContext({ securityContext }: PodSpec): FieldError[] {
  if (securityContext === undefined) return [];
  const { runAsUser, runAsGroup, fsGroup, supplementalGroups = [] } = securityContext;
  return under('securityContext', [
    ...validateId('fsGroup', fsGroup),
    ...validateId('runAsUser', runAsUser),
    ...validateId('runAsGroup', runAsGroup),
    ...supplementalGroups.flatMap((group, index) => validateId(`supplementalGroups[${index}]`, group)),
  ]);
}

function validateDns({ dnsPolicy, dnsConfig }: PodSpec): FieldError[] {
  if (dnsPolicy === 'None') {
    if (!dnsConfig) return [required('dnsConfig', 'must provide `dnsConfig` when `dnsPolicy` is None')];
    if (!dnsConfig.nameservers?.length)
      return [
        required(
          'dnsConfig.nameservers',
          'must provide at least one DNS nameserver when `dnsPolicy` is None',
        ),
      ];
  }
  const { nameservers = [] } = dnsConfig ?? {};
  return nameservers.length > 3
    ? [invalidValue('dnsConfig.nameservers', nameservers, 'must not have more than 3 nameservers')]
    : [];
}

function validateGates({ readinessGates = [], schedulingGates = [] }: PodSpec): FieldError[] {
  const seen = new Set<string>();
  return [
    ...readinessGates.flatMap(({ conditionType }, index) =>
      invalidFor(`readinessGates[${index}].conditionType`, conditionType, checkLabelKey(conditionType)),
    ),
    ...schedulingGates.flatMap(({ name }, index) => {
      const errors = invalidFor(`schedulingGates[${index}]`, name, checkLabelKey(name));
      if (seen.has(name)) errors.push(duplicate(`schedulingGates[${index}]`, name));
      seen.add(name);
      return errors;
    }),
  ];
}

function validateNames(spec: PodSpec): FieldError[] {
  const checks = [
    ['serviceAccountName', checkDns1123Subdomain],
    ['nodeName', checkDns1123Subdomain],
    ['hostname', checkDns1123Label],
    ['subdomain', checkDns1123Label],
    ['priorityClassName', checkDns1123Subdomain],
    ['runtimeClassName', checkDns1123Subdomain],
  ] as const;
  return checks.flatMap(([field, check]) => {
    const value = spec[field];
    return value ? invalidFor(field, value, check(value)) : [];
  });
}

function validateDeadline({ activeDeadlineSeconds }: PodSpec): FieldError[] {
  if (activeDeadlineSeconds === undefined) return [];
  return activeDeadlineSeconds >= 1 && activeDeadlineSeconds <= int32Max
    ? []
    : [
        invalidValue(
          'activeDeadlineSeconds',
          activeDeadlineSeconds,
          `must be between 1 and ${int32Max}, inclusive`,
        ),
      ];
}

function validatePreemption({ preemptionPolicy }: PodSpec): FieldError[] {
  const values = ['PreemptLowerPriority', 'Never'];
  return preemptionPolicy === undefined ? [] : validateEnum('preemptionPolicy', preemptionPolicy, values);
}

/** What is wrong with a pod spec, in a pod or a template. Fields are relative to it; remembered per spec. */
export const validatePodSpec = remembered((spec: PodSpec): readonly FieldError[] => [
  ...(spec.terminationGracePeriodSeconds === undefined ? [required('terminationGracePeriodSeconds')] : []),
  ...under('volumes', spec.volumes ? validateVolumes(spec.volumes) : []),
  ...validateContainers(spec),
  ...validateInitContainers(spec),
  ...(spec.resources ? under('resources', validateResources(spec.resources)) : []),
  ...validateHostNetwork(spec),
  ...validateEnum('restartPolicy', spec.restartPolicy, restartPolicies),
  ...validateEnum('dnsPolicy', spec.dnsPolicy, dnsPolicies),
  ...validateLabels(spec.nodeSelector, 'nodeSelector'),
  ...validateSecurityContext(spec),
  ...(spec.affinity ? under('affinity', validateAffinity(spec.affinity)) : []),
  ...validateDns(spec),
  ...validateGates(spec),
  ...under('topologySpreadConstraints', validateSpread(spec.topologySpreadConstraints ?? [])),
  ...validateNames(spec),
  ...validateDeadline(spec),
  ...under('tolerations', validateTolerations(spec.tolerations ?? [])),
  ...validatePreemption(spec),
  ...checkPodSpec(spec),
]);

/** What only a pod, but not a template, refuses in its spec. Fields are relative to the spec. */
export function validatePodOnly(spec: PodSpec): FieldError[] {
  return [
    ...spec.containers.flatMap((container, index) =>
      under(`containers[${index}]`, validatePodContainer(container)),
    ),
    ...(spec.initContainers ?? []).flatMap((container, index) =>
      under(`initContainers[${index}]`, validatePodContainer(container)),
    ),
  ];
}

/** What is wrong with the labels and annotations of a pod template at `path`. */
export function validateTemplateMetadata(template: PodTemplateSpec | undefined, path: string): FieldError[] {
  return [
    ...validateLabels(template?.metadata?.labels, `${path}.labels`),
    ...validateAnnotations(template?.metadata?.annotations, `${path}.annotations`),
  ];
}

/** What is wrong with a pod template at `path`. */
export function validatePodTemplate(template: PodTemplateSpec | undefined, path: string): FieldError[] {
  const own = template?.spec ?? { containers: [] };
  return [
    ...validateTemplateMetadata(template, path),
    ...under(`${path}.spec`, validatePodSpec(own)),
    ...under(
      `${path}.spec`,
      forbidEphemeral(own.ephemeralContainers, 'ephemeral containers not allowed in pod template'),
    ),
  ];
}

/** A template whose pods are to run forever, and whose labels `selector` must select. `owner` is for sentences. */
export function validateLastingTemplate(
  template: PodTemplateSpec | undefined,
  selector: Selector,
  path: string,
  owner: string,
): FieldError[] {
  if (template === undefined) return [required(path)];
  const labels = template.metadata?.labels;
  const errors: FieldError[] = [];
  if (!selector.empty && !selector.matches(labels)) {
    const why = '`selector` does not match template `labels`';
    errors.push(invalidValue(`${path}.metadata.labels`, labels, why));
  }
  errors.push(...validatePodTemplate(template, path));
  const policy = template.spec?.restartPolicy;
  if (policy !== undefined && policy !== 'Always')
    errors.push(notSupported(`${path}.spec.restartPolicy`, policy, ['Always']));
  if (template.spec?.activeDeadlineSeconds !== undefined)
    errors.push(
      forbidden(`${path}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${owner} is not Supported`),
    );
  return errors;
}
