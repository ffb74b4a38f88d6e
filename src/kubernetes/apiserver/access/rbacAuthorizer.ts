// Upstream: plugin/pkg/auth/authorizer/rbac/rbac.go
import { allowsPath, allowsResource } from '#kubernetes/api/rbac/policyRules.ts';
import type { Attributes } from './attributes.ts';
import type { Decision } from './authorizer.ts';
import type { GrantedRule, PolicyCache } from './policyCache.ts';

/** Namespaces that are remembered for one user, verb and resource; past that they are forgotten. */
const namespacesMax = 1_000;
/** Verbs and subresources of one resource that are remembered. */
const entriesMax = 100;

/** What one resource and verb are to a user in one place. */
interface Verdict {
  /** True when any object may be used. */
  readonly all: boolean;
  /** Else the names that may. */
  readonly names: readonly string[];
}

/** What was decided for one user, verb and resource since the last change of a role or binding. */
interface Remembered {
  readonly verb: string;
  readonly group: string;
  readonly subresource: string;
  /** True where a ClusterRoleBinding allows it in every namespace. */
  readonly everywhere: boolean;
  /** By namespace, for the rest. */
  readonly within: Map<string, Verdict>;
}

/** What was decided for one user: by resource, a few each, so that a look-up makes no text of its own. */
export interface RbacMemory {
  generation: number;
  readonly byResource: Map<string, Remembered[]>;
}

/**
 * Allows what some rule of a role that is bound to the user allows. It is asked for every request: a decision is made
 * once per user, verb, resource and namespace, and holds until a role or binding changes.
 */
export class RbacAuthorizer {
  readonly #policy: PolicyCache;

  constructor(policy: PolicyCache) {
    this.#policy = policy;
  }

  /** The quick answer for a request for objects, from what `memory` holds of its user. */
  allows(memory: RbacMemory, request: Attributes): boolean {
    const { generation } = this.#policy;
    if (memory.generation !== generation) {
      memory.generation = generation;
      memory.byResource.clear();
    }
    const known = this.#remembered(memory, request);
    if (known.everywhere) return true;
    const { user, namespace, name } = request;
    let verdict = known.within.get(namespace);
    if (verdict === undefined) {
      verdict = verdictOf(this.#policy.grantsOf(user, namespace).rules, request);
      if (known.within.size >= namespacesMax) known.within.clear();
      known.within.set(namespace, verdict);
    }
    return verdict.all || (name !== '' && verdict.names.includes(name));
  }

  #remembered(memory: RbacMemory, request: Attributes): Remembered {
    const { user, verb, group, resource, subresource } = request;
    let entries = memory.byResource.get(resource);
    if (entries === undefined) {
      entries = [];
      memory.byResource.set(resource, entries);
    }
    for (const entry of entries)
      if (entry.verb === verb && entry.subresource === subresource && entry.group === group) return entry;
    const everywhere = verdictOf(this.#policy.grantsOf(user, '').rules, request).all;
    const entry = { verb, group, subresource, everywhere, within: new Map<string, Verdict>() };
    if (entries.length >= entriesMax) entries.length = 0;
    entries.push(entry);
    return entry;
  }

  /** The whole answer: which binding allows it, or what stood in the way of finding one. */
  authorize(attributes: Attributes): Decision {
    const { rules, errors } = this.#policy.grantsOf(attributes.user, attributes.namespace);
    const found = rules.find(({ rule }) => allows(rule, attributes));
    if (found !== undefined) return { allowed: true, reason: `RBAC: allowed by ${describeGrant(found)}` };
    const [first] = errors;
    if (first === undefined) return { allowed: false, reason: '' };
    const list = [...new Set(errors.map(({ message }) => message))];
    return {
      allowed: false,
      reason: `RBAC: ${list.length === 1 ? first.message : `[${list.join(', ')}]`}`,
    };
  }
}

type Asked = Pick<Attributes, 'verb' | 'group' | 'resource' | 'subresource'>;

function verdictOf(rules: readonly GrantedRule[], asked: Asked): Verdict {
  const names: string[] = [];
  for (const { rule } of rules) {
    if (!allowsResource(rule, asked)) continue;
    const { resourceNames = [] } = rule;
    if (resourceNames.length === 0) return { all: true, names: [] };
    names.push(...resourceNames);
  }
  return { all: false, names };
}

function allows(rule: GrantedRule['rule'], { verb, resource, name, path, ...rest }: Attributes): boolean {
  if (resource === '') return allowsPath(rule, verb, path);
  const { resourceNames = [] } = rule;
  return (
    allowsResource(rule, { ...rest, verb, resource }) &&
    (resourceNames.length === 0 || resourceNames.includes(name))
  );
}

function describeGrant({ binding, subject }: GrantedRule): string {
  const { kind, roleRef, metadata } = binding;
  const { namespace = '' } = metadata;
  const where = namespace === '' ? '' : `/${namespace}`;
  const who =
    subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace || namespace}` : subject.name;
  return `${kind} "${metadata.name}${where}" of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${who}"`;
}
