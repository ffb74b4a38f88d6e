// Upstream: kubectl/pkg/describe/describe.go describeLimitRange, describeQuota, DescribeLimitRanges, DescribeResourceQuotas
import type { LimitRange, ResourceQuota } from '#generated/types/core.v1.ts';
import { canonicalQuantity } from '#kubernetes/apimachinery/quantity.ts';
import type { DescribeContext, Describer } from './describer.ts';
import type { DescribeWriter } from './describeWriter.ts';

const limitColumns = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'] as const;
const limitTitle = 'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio';
const limitRule = '----\t--------\t---\t---\t---------------\t-------------\t-----------------------';

function writeLimits(writer: DescribeWriter, { spec }: LimitRange, prefix: string): void {
  for (const item of spec?.limits ?? []) {
    const resources = new Set(limitColumns.flatMap((column) => Object.keys(item[column] ?? {})));
    for (const resource of [...resources].sort()) {
      const cells = limitColumns.map((column) => {
        const amount = item[column]?.[resource];
        return amount === undefined ? '-' : canonicalQuantity(amount);
      });
      writer.line(0, [`${prefix}${item.type}`, resource, ...cells].join('\t'));
    }
  }
}

export const describeLimitRange: Describer<LimitRange> = {
  group: '',
  kind: 'LimitRange',
  async describe(range, writer) {
    writer.line(0, `Name:\t${range.metadata.name}`);
    writer.line(0, `Namespace:\t${range.metadata.namespace}`);
    writer.line(0, limitTitle);
    writer.line(0, limitRule);
    writeLimits(writer, range, '');
  },
};

const scopeTexts: Readonly<Record<string, string>> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
};

function writeScopes(writer: DescribeWriter, { spec }: ResourceQuota, indent: string): void {
  const scopes = [...(spec?.scopes ?? [])].sort();
  if (scopes.length === 0) return;
  writer.line(0, `${indent}Scopes:\t${scopes.join(', ')}`);
  for (const scope of scopes)
    if (scopeTexts[scope] !== undefined) writer.line(0, `${indent.slice(1)} * ${scopeTexts[scope]}`);
}

function writeAmounts(writer: DescribeWriter, { status }: ResourceQuota, indent: string): void {
  const { hard = {}, used = {} } = status ?? {};
  for (const name of Object.keys(hard).sort()) {
    const amounts = [used[name] ?? 0, hard[name] ?? 0].map(canonicalQuantity);
    writer.line(0, `${indent}${name}\t${amounts.join('\t')}`);
  }
}

export const describeResourceQuota: Describer<ResourceQuota> = {
  group: '',
  kind: 'ResourceQuota',
  async describe(quota, writer) {
    writer.line(0, `Name:\t${quota.metadata.name}`);
    writer.line(0, `Namespace:\t${quota.metadata.namespace}`);
    writeScopes(writer, quota, '');
    writer.line(0, 'Resource\tUsed\tHard');
    writer.line(0, '--------\t----\t----');
    writeAmounts(writer, quota, '');
  },
};

/** The quotas of a namespace, in its description. */
export async function writeQuotas(
  namespace: string,
  writer: DescribeWriter,
  { invocation }: DescribeContext,
): Promise<void> {
  const resource = (await invocation.mapper()).get('', 'resourcequotas');
  const { items } = await invocation.client.list<ResourceQuota>(resource, namespace);
  writer.line(0, '');
  if (items.length === 0) return writer.line(0, 'No resource quota.');
  writer.line(0, 'Resource Quotas');
  for (const quota of [...items].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))) {
    writer.line(1, `Name:\t${quota.metadata.name}`);
    writeScopes(writer, quota, '  ');
    writer.line(1, 'Resource\tUsed\tHard');
    writer.line(1, '--------\t---\t---');
    writeAmounts(writer, quota, '  ');
  }
}

/** The limits of a namespace, in its description. */
export async function writeLimitRanges(
  namespace: string,
  writer: DescribeWriter,
  { invocation }: DescribeContext,
): Promise<void> {
  const resource = (await invocation.mapper()).get('', 'limitranges');
  const { items } = await invocation.client.list<LimitRange>(resource, namespace);
  writer.line(0, '');
  if (items.length === 0) return writer.line(0, 'No LimitRange resource.');
  writer.line(0, `Resource Limits\n ${limitTitle}`);
  writer.line(0, ` ${limitRule}`);
  for (const range of items) writeLimits(writer, range, ' ');
}
