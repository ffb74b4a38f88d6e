// Upstream: kubectl/pkg/util/rbac/rbac.go, kubectl/pkg/describe/describe.go CombineResourceGroup
import type { PolicyRule } from '#generated/types/rbac.v1.ts';
import { breakDownRule, compactRules } from '#kubernetes/api/rbac/policyRules.ts';

/** Rules as rows of cells between tabs: resource, URLs, names and verbs, in Go's words and order. */
export function ruleRows(rules: readonly PolicyRule[]): string[] {
  return compactRules(rules.flatMap(breakDownRule))
    .map((rule) => ({ rule, order: orderOf(rule) }))
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
    .map(
      ({ rule }) =>
        `${resourceCell(rule)}\t${list(rule.nonResourceURLs)}\t${list(rule.resourceNames)}\t${list(rule.verbs)}`,
    );
}

/** What upstream sorts by: the text of the whole rule. */
function orderOf({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  return [verbs, apiGroups, resources, resourceNames, nonResourceURLs].map(list).join(',');
}

function list(values: readonly string[] = []): string {
  return `[${values.join(' ')}]`;
}

/** `deployments.apps/scale`. */
function resourceCell({ resources = [], apiGroups = [] }: PolicyRule): string {
  const [first] = resources;
  if (first === undefined) return '';
  const [resource, ...subresource] = first.split('/');
  return [`${resource}${apiGroups[0] ? `.${apiGroups[0]}` : ''}`, ...subresource].join('/');
}
