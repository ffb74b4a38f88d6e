// Upstream: ValidatePodUpdate and ValidatePodStatusUpdate in pkg/apis/core/validation/validation.go
import type { Container, ContainerStatus, Pod, PodSpec, Toleration } from '#generated/types/core.v1.ts';
import { forbidden, invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { matchedHunks } from '#text/sequenceMatcher.ts';
import { validateImmutable } from './fieldChecks.ts';
import { validatePlacementUpdate, withPlacementOf } from './gatedPodUpdate.ts';
import { internalForm } from './internalForm.ts';
import { isRestarted } from './podStatus.ts';

const updatable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
];

function withImagesOf(
  next: readonly Container[] | undefined,
  old: readonly Container[] | undefined,
): readonly Container[] | undefined {
  return next?.map((container, index) => {
    const image = old?.[index]?.image;
    return image === undefined ? container : { ...container, image };
  });
}

/** `next` with every field that may change taken from `old`: what then still differs may not. */
function withUpdatableOf(next: PodSpec, old: PodSpec): PodSpec {
  const initContainers = withImagesOf(next.initContainers, old.initContainers);
  const { activeDeadlineSeconds, tolerations, schedulingGates, terminationGracePeriodSeconds } = old;
  const graceMended = (terminationGracePeriodSeconds ?? 0) < 0 && next.terminationGracePeriodSeconds === 1;
  return {
    ...next,
    containers: withImagesOf(next.containers, old.containers)!,
    ...(initContainers && { initContainers }),
    activeDeadlineSeconds: activeDeadlineSeconds!,
    tolerations: tolerations!,
    schedulingGates: schedulingGates!,
    ...(graceMended && { terminationGracePeriodSeconds: terminationGracePeriodSeconds! }),
  };
}

/** As Go writes JSON in lines. */
function linesOf(value: unknown): string[] {
  const text = JSON.stringify(value, null, 1);
  return text.replaceAll(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`).split('\n');
}

/** What is empty is as good as absent. */
function semantics(value: unknown): string {
  const isEmpty = (part: unknown) =>
    typeof part === 'object' && part !== null && Object.keys(part).length === 0;
  return JSON.stringify(value, (_key, part: unknown) => (isEmpty(part) ? null : part));
}

/** How the specs differ in the form that upstream keeps; `''` where they do not. */
function difference(old: PodSpec, next: PodSpec): string {
  const [before, after] = [old, next].map((spec) => internalForm('core.v1.PodSpec', spec)) as [
    unknown,
    unknown,
  ];
  return semantics(before) === semantics(after) ? '' : matchedHunks(linesOf(before), linesOf(after));
}

function validateDeadline(next: number | undefined, old: number | undefined): FieldError[] {
  const field = 'spec.activeDeadlineSeconds';
  if (old === undefined || next === old) return [];
  if (next === undefined)
    return [invalidValue(field, null, 'must not update from a positive integer to nil value')];
  return next > old ? [invalidValue(field, next, 'must be less than or equal to previous value')] : [];
}

function validateAddedTolerations(next: readonly Toleration[], old: readonly Toleration[]): FieldError[] {
  const isKept = (toleration: Toleration) =>
    next.some((candidate) =>
      deepEqual({ ...candidate, tolerationSeconds: 0 }, { ...toleration, tolerationSeconds: 0 }),
    );
  const why = 'existing toleration can not be modified except its tolerationSeconds';
  return old.every(isKept) ? [] : [forbidden('spec.tolerations', why)];
}

function validateGates({ schedulingGates = [] }: PodSpec, old: PodSpec): FieldError[] {
  return schedulingGates.flatMap(({ name }, index) =>
    old.schedulingGates?.some((gate) => gate.name === name)
      ? []
      : [
          forbidden(
            `spec.schedulingGates[${index}].name`,
            `only deletion is allowed, but found new scheduling gate '${name}'`,
          ),
        ],
  );
}

/** What an update of a pod may not change: nearly all of its spec. */
export function validatePodUpdate({ spec }: Pod, { spec: old }: Pod): FieldError[] {
  if (spec === old) return [];
  for (const field of ['containers', 'initContainers'] as const)
    if ((spec[field]?.length ?? 0) !== (old[field]?.length ?? 0))
      return [forbidden(`spec.${field}`, 'pod updates may not add or remove containers')];
  const errors = [
    ...validateDeadline(spec.activeDeadlineSeconds, old.activeDeadlineSeconds),
    ...validateAddedTolerations(spec.tolerations ?? [], old.tolerations ?? []),
    ...validateGates(spec, old),
  ];
  let rest = withUpdatableOf(spec, old);
  if (old.schedulingGates?.length) {
    errors.push(...validatePlacementUpdate(rest, old));
    rest = withPlacementOf(rest, old);
  }
  const differs = deepEqual(rest, old) ? '' : difference(old, rest);
  if (differs === '') return errors;
  const why = `pod updates may not change fields other than ${updatable.join(',')}`;
  return [...errors, forbidden('spec', `${why}\n${differs}`)];
}

function validateTransitions(
  field: string,
  { spec }: Pod,
  next: readonly ContainerStatus[] | undefined,
  old: readonly ContainerStatus[] | undefined,
): FieldError[] {
  return (old ?? []).flatMap(({ name, state }, index) => {
    const ended = state?.terminated;
    if (ended === undefined) return [];
    const status = next?.find((candidate) => candidate.name === name);
    const container = [...spec.containers, ...(spec.initContainers ?? [])].find(
      (candidate) => candidate.name === name,
    );
    const mayRestart = container && isRestarted(container, ended.exitCode, spec.restartPolicy);
    if (status === undefined || status.state?.terminated !== undefined || mayRestart) return [];
    return [forbidden(`status.${field}[${index}].state`, 'may not be transitioned to non-terminated state')];
  });
}

/** What an update of a pod's status may not say. */
export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
  if (pod.status === old.status) return [];
  const errors = old.status.qosClass
    ? validateImmutable('status.qosClass', pod.status.qosClass, old.status.qosClass)
    : [];
  if (pod.spec.restartPolicy === 'Always') return errors;
  for (const field of ['containerStatuses', 'initContainerStatuses'] as const)
    errors.push(...validateTransitions(field, pod, pod.status[field], old.status[field]));
  return errors;
}
