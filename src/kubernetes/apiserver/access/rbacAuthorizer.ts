// Upstream: plugin/pkg/auth/authorizer/rbac/rbac.go
import { allowsPath, allowsResource } from '#kubernetes/api/rbac/policyRules.ts';
import type { UserInfo } from '#kubernetes/api/request.ts';
import type { Attributes } from './attributes.ts';
import type { Decision } from './authorizer.ts';
import type { GrantedRule, PolicyCache } from './policyCache.ts';

/** What one resource and verb are to a user in one place. */
interface Verdict {
  /** True when any object may be used. */
  readonly all: boolean;
  /** Else the names that may. */
  readonly names: readonly string[];
}

/** What was decided for one user since the last change of a role or binding. */
interface Memory {
  generation: number;
  /** By verb and resource: true where a ClusterRoleBinding allows it in every namespace. */
  readonly everywhere: Map<string, boolean>;
  /** By verb, resource and namespace, for the rest. */
  readonly within: Map<string, Verdict>;
}

/** Verdicts that one user's memory holds; past that it begins anew. */
const verdictsMax = 10_000;

/**
 * Allows what some rule of a role that is bound to the user allows. It is asked for every request: a decision is made
 * once per user, verb, resource and namespace, and holds until a role or binding changes.
 */
export class RbacAuthorizer {
  readonly #policy: PolicyCache;
  readonly #memories = new WeakMap<UserInfo, Memory>();

  constructor(policy: PolicyCache) {
    this.#policy = policy;
  }

  /** The quick answer for a request for objects. */
  allows(user: UserInfo, verb: string, request: Omit<Attributes, 'user' | 'verb'>): boolean {
    const memory = this.#memoryOf(user);
    const { group, resource, subresource, namespace, name } = request;
    const key = `${verb} ${group}/${resource}/${subresource}`;
    let everywhere = memory.everywhere.get(key);
    if (everywhere === undefined) {
      everywhere = verdictOf(this.#policy.grantsOf(user, '').rules, { ...request, verb }).all;
      memory.everywhere.set(key, everywhere);
    }
    if (everywhere) return true;
    const place = `${key} ${namespace}`;
    let verdict = memory.within.get(place);
    if (verdict === undefined) {
      verdict = verdictOf(this.#policy.grantsOf(user, namespace).rules, { ...request, verb });
      if (memory.within.size >= verdictsMax) memory.within.clear();
      memory.within.set(place, verdict);
    }
    return verdict.all || (name !== '' && verdict.names.includes(name));
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

  #memoryOf(user: UserInfo): Memory {
    const { generation } = this.#policy;
    let memory = this.#memories.get(user);
    if (memory === undefined) {
      memory = { generation, everywhere: new Map(), within: new Map() };
      this.#memories.set(user, memory);
    } else if (memory.generation !== generation) {
      memory.generation = generation;
      memory.everywhere.clear();
      memory.within.clear();
    }
    return memory;
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
