// Upstream: apiserver/pkg/admission/plugin/resourcequota/{admission,controller}.go
import type { ResourceQuota } from '#generated/types/core.v1.ts';
import { resourceQuotas } from '#kubernetes/api/core/resourceQuota.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Quantities, QuotaEvaluator } from '#kubernetes/api/quota/evaluator.ts';
import { evaluatorOf, isInScopes } from '#kubernetes/api/quota/quotas.ts';
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  parseQuantity,
  subtractQuantities,
} from '#kubernetes/apimachinery/quantity.ts';
import type { AdmissionPlugin, AdmissionRequest, AdmissionShape, ServerContext } from '../context.ts';
import { cacheOf } from '../kindCache.ts';
import { writeAsServer } from '../writeAsServer.ts';
import { forbiddenBy } from './forbidden.ts';

/** What a write that was admitted will use of each quota; charged when it is stored. */
const charges = new WeakMap<AdmissionRequest, ReadonlyMap<string, Quantities>>();

/** Refuses what would exceed a quota of its namespace, and keeps the books of what is used. */
export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  handles: (shape) => shape.operation !== 'DELETE' && (shape.subresource === '' || isResize(shape)),
  validate(object, request, context) {
    const { operation, kind, namespace } = request;
    if (object === undefined || namespace === '') return;
    const quotas = cacheOf(context.storage, resourceQuotas).in(namespace);
    if (quotas.length === 0) return;
    const evaluator = evaluatorOf(kind);
    if (evaluator === undefined || (operation === 'UPDATE' && !evaluator.countsUpdates && !isResize(request)))
      return;
    const charge = check(quotas, evaluator, object, request, context.simulation.nowMs);
    if (charge.size > 0) charges.set(request, charge);
  },
  stored(request, context) {
    const charge = charges.get(request);
    if (charge === undefined) return;
    for (const [name, used] of charge) writeUsage(name, used, request.namespace, context);
  },
};

function isResize({ kind, subresource }: AdmissionShape): boolean {
  return kind.plural === 'pods' && subresource === 'resize';
}

/** The usage of each quota after the write. Throws Forbidden where one is exceeded, or cannot be told. */
function check(
  quotas: readonly ResourceQuota[],
  evaluator: QuotaEvaluator,
  object: KubeObject,
  request: AdmissionRequest,
  nowMs: number,
): ReadonlyMap<string, Quantities> {
  const concerned = quotas.filter((quota) => {
    const measured = measuredBy(quota, evaluator);
    if (measured.length === 0 || !isInScopes(quota, evaluator, object)) return false;
    const missing = evaluator.missing(measured, object);
    if (missing !== null) throw forbiddenBy(request, `failed quota: ${quota.metadata.name}: ${missing}`);
    const unknown = measured.some((resource) => quota.status.used?.[resource] === undefined);
    if (!unknown) return true;
    const names = measured.toSorted().join(',');
    throw forbiddenBy(request, `status unknown for quota: ${quota.metadata.name}, resources: ${names}`);
  });
  const charge = new Map<string, Quantities>();
  if (concerned.length === 0) return charge;
  const delta = increase(evaluator, object, request.old, nowMs);
  for (const quota of concerned) {
    const used = chargedTo(quota, delta, request);
    if (used !== null) charge.set(quota.metadata.name, used);
  }
  return charge;
}

function measuredBy({ status }: ResourceQuota, evaluator: QuotaEvaluator): readonly string[] {
  return Object.keys(status.hard ?? {}).filter((resource) => evaluator.measures(resource));
}

/** What a write adds to the use; what becomes smaller is told by the controller. */
function increase(
  evaluator: QuotaEvaluator,
  object: KubeObject,
  old: KubeObject | undefined,
  nowMs: number,
): Quantities {
  const before = old === undefined ? {} : evaluator.usage(old, nowMs);
  const added: Record<string, string | number> = {};
  for (const [resource, amount] of Object.entries(evaluator.usage(object, nowMs))) {
    const had = before[resource];
    const more = had === undefined ? amount : subtractQuantities(amount, had);
    if (parseQuantity(more).nanos > 0n) added[resource] = more;
  }
  return added;
}

/** The quota's new use, null where it is not touched. */
function chargedTo(
  { metadata, status }: ResourceQuota,
  delta: Quantities,
  request: AdmissionRequest,
): Quantities | null {
  const { hard = {}, used = {} } = status;
  const touched = Object.keys(delta)
    .filter((resource) => hard[resource] !== undefined)
    .sort();
  if (touched.length === 0) return null;
  const next: Record<string, string | number> = { ...used };
  for (const resource of touched) next[resource] = addQuantities(used[resource] ?? 0, delta[resource]!);
  const exceeded = touched.filter((resource) => compareQuantities(next[resource]!, hard[resource]!) > 0);
  if (exceeded.length === 0) return next;
  const list = (amounts: Quantities) =>
    exceeded.map((resource) => `${resource}=${canonicalQuantity(amounts[resource] ?? 0)}`).join(',');
  throw forbiddenBy(
    request,
    `exceeded quota: ${metadata.name}, requested: ${list(delta)}, used: ${list(used)}, limited: ${list(hard)}`,
  );
}

function writeUsage(name: string, used: Quantities, namespace: string, context: ServerContext): void {
  const quota = context.storage.get(resourceQuotas, namespace, name) as ResourceQuota | undefined;
  if (quota === undefined) return;
  const next: ResourceQuota = { ...quota, status: { ...quota.status, used } };
  writeAsServer(resourceQuotas, next, quota, context);
}
