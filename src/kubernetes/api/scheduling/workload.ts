// Upstream: pkg/apis/scheduling/validation/validation.go, pkg/registry/scheduling/workload/strategy.go
import type { Workload } from '#generated/types/scheduling.v1alpha2.ts';
import { checkDns1123Label } from '#kubernetes/apimachinery/names.ts';
import { duplicate, required, tooMany } from '#kubernetes/apimachinery/fieldErrors.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { invalidFor, validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { validateSchedulingPolicy } from './schedulingPolicy.ts';

export type { Workload };

/** Upstream: WorkloadMaxPodGroupTemplates */
const templatesMax = 8;

/** What groups a workload is made of. Alpha: served where the API server is told to. */
export const workloads: Kind<Workload> = {
  group: 'scheduling.k8s.io',
  version: 'v1alpha2',
  kind: 'Workload',
  plural: 'workloads',
  singular: 'workload',
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.scheduling.v1alpha2.Workload',
  hasStatus: false,
  countsGenerations: true,
  validate({ spec: { podGroupTemplates: templates } }) {
    const path = 'spec.podGroupTemplates';
    if (templates.length === 0) return [required(path)];
    if (templates.length > templatesMax) return [tooMany(path, templates.length, templatesMax)];
    return templates.flatMap(({ name, schedulingPolicy }, i) => [
      ...invalidFor(`${path}[${i}].name`, name, checkDns1123Label(name)),
      ...(templates.findIndex((other) => other.name === name) < i ? [duplicate(`${path}[${i}]`, name)] : []),
      ...validateSchedulingPolicy(`${path}[${i}].schedulingPolicy`, schedulingPolicy),
    ]);
  },
  validateUpdate: ({ spec }, old) =>
    validateImmutable('spec.podGroupTemplates', spec.podGroupTemplates, old.spec.podGroupTemplates),
  columns: [nameColumn, ageColumn],
};
