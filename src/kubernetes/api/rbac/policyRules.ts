// Upstream: component-helpers/auth/rbac/validation/policy_comparator.go, pkg/registry/rbac/validation/policy_compact.go,
// pkg/apis/rbac/v1/evaluation_helpers.go
import type { PolicyRule } from '#generated/types/rbac.v1.ts';

const nothing: readonly string[] = [];

/** A request for a resource, in the words that rules match. */
interface ResourceAccess {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
}

/** True when the rule lets this be done, to objects of its names where it has some. */
export function allowsResource(rule: PolicyRule, access: ResourceAccess): boolean {
  const { apiGroups = nothing, resources = nothing } = rule;
  return (
    hasOrAll(rule.verbs, access.verb) &&
    hasOrAll(apiGroups, access.group) &&
    resources.some((resource) => matchesResource(resource, access))
  );
}

function matchesResource(
  pattern: string,
  { resource, subresource }: { readonly resource: string; readonly subresource: string },
): boolean {
  if (pattern === '*') return true;
  if (subresource === '') return pattern === resource;
  return pattern === `${resource}/${subresource}` || pattern === `*/${subresource}`;
}

/** True when the rule lets a path be asked that is not about objects. */
export function allowsPath(rule: PolicyRule, verb: string, path: string): boolean {
  return (
    hasOrAll(rule.verbs, verb) &&
    (rule.nonResourceURLs ?? nothing).some((pattern) => coversUrl(pattern, path))
  );
}

function hasOrAll(values: readonly string[], value: string): boolean {
  return values.includes('*') || values.includes(value);
}

function coversUrl(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === path) return true;
  return pattern.endsWith('*') && path.startsWith(pattern.replace(/\*+$/, ''));
}

/** A rule in parts that each name one group, resource, verb and, where there are names, one of those. */
export function breakDownRule(rule: PolicyRule): PolicyRule[] {
  const { verbs, apiGroups = nothing, resources = nothing, resourceNames = nothing } = rule;
  const parts: PolicyRule[] = [];
  for (const group of apiGroups) {
    for (const resource of resources) {
      for (const verb of verbs) {
        const part = { verbs: [verb], apiGroups: [group], resources: [resource] };
        if (resourceNames.length === 0) parts.push(part);
        for (const name of resourceNames) parts.push({ ...part, resourceNames: [name] });
      }
    }
  }
  for (const url of rule.nonResourceURLs ?? nothing)
    for (const verb of verbs) parts.push({ verbs: [verb], nonResourceURLs: [url] });
  return parts;
}

/** The parts of `asked` that `held` does not cover. */
export function uncoveredRules(held: readonly PolicyRule[], asked: readonly PolicyRule[]): PolicyRule[] {
  return asked.flatMap(breakDownRule).filter((part) => !held.some((rule) => covers(rule, part)));
}

/** True when whoever holds `rule` may do all that `part` says. */
function covers(rule: PolicyRule, part: PolicyRule): boolean {
  const { apiGroups = nothing, resources = nothing, nonResourceURLs = nothing } = rule;
  const names = rule.resourceNames ?? nothing;
  const asked = part.resourceNames ?? nothing;
  return (
    part.verbs.every((verb) => hasOrAll(rule.verbs, verb)) &&
    (part.apiGroups ?? nothing).every((group) => hasOrAll(apiGroups, group)) &&
    (part.resources ?? nothing).every((resource) => coversResource(resources, resource)) &&
    (part.nonResourceURLs ?? nothing).every((url) => nonResourceURLs.some((one) => coversUrl(one, url))) &&
    (names.length === 0 || (asked.length > 0 && asked.every((name) => names.includes(name))))
  );
}

function coversResource(held: readonly string[], resource: string): boolean {
  if (hasOrAll(held, resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && held.includes(`*${resource.slice(slash)}`);
}

/** Rules that differ only in their verbs, as one each; the order is that of their first appearance. */
export function compactRules(rules: readonly PolicyRule[]): PolicyRule[] {
  const simple = new Map<string, PolicyRule>();
  const others: PolicyRule[] = [];
  for (const rule of rules) {
    const key = simpleKey(rule);
    if (key === null) {
      others.push(rule);
      continue;
    }
    const known = simple.get(key);
    const verbs = [...new Set([...(known?.verbs ?? nothing), ...rule.verbs])];
    simple.set(key, { ...rule, verbs });
  }
  return [...others, ...simple.values()];
}

/** What a rule is about when that is one resource of one group, with at most one name; else null. */
function simpleKey({ apiGroups = nothing, resources = nothing, ...rule }: PolicyRule): string | null {
  const { resourceNames = nothing, nonResourceURLs = nothing } = rule;
  if (resourceNames.length > 1 || nonResourceURLs.length > 0) return null;
  if (apiGroups.length !== 1 || resources.length !== 1) return null;
  return [apiGroups[0], resources[0], ...resourceNames].join(' ');
}

/** `{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}`. */
export function formatRule(rule: PolicyRule): string {
  const fields = (
    [
      ['APIGroups', rule.apiGroups],
      ['Resources', rule.resources],
      ['NonResourceURLs', rule.nonResourceURLs],
      ['ResourceNames', rule.resourceNames],
      ['Verbs', rule.verbs],
    ] as const
  ).filter(([, values]) => values !== undefined && values.length > 0);
  return `{${fields.map(([name, values]) => `${name}:${formatQuoted(values!)}`).join(', ')}}`;
}

/** Go's %q of a list of strings: `["a" "b"]`. */
export function formatQuoted(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;
}
