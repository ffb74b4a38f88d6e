// Upstream: pkg/registry/rbac/validation/rule.go
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from '#generated/types/rbac.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { UserInfo } from '#kubernetes/api/request.ts';
import { notFound, type StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { rbacGroup } from '#kubernetes/api/rbac/ruleValidation.ts';
import { type Etcd, prefixEnd } from '#kubernetes/etcd/etcd.ts';

type Binding = RoleBinding | ClusterRoleBinding;

/** A rule that applies to a user, and the binding that makes it so. */
export interface GrantedRule {
  readonly rule: PolicyRule;
  readonly binding: Binding;
  readonly subject: Subject;
}

export interface Grants {
  readonly rules: readonly GrantedRule[];
  /** Roles that bindings name and that do not exist. */
  readonly errors: readonly StatusError[];
}

const kinds = ['clusterrolebindings', 'clusterroles', 'rolebindings', 'roles'] as const;
const prefixes = kinds.map((plural) => `/registry/${plural}/`);

/** Roles and bindings as etcd has them at this moment: fed by its events, and so never behind a write. */
export class PolicyCache {
  /** Counts the changes: what was decided before one may be wrong after it. */
  generation = 0;
  readonly #objects = new Map<string, KubeObject>();
  #clusterBindings: readonly ClusterRoleBinding[] | null = null;
  readonly #bindings = new Map<string, readonly RoleBinding[]>();

  constructor(etcd: Etcd<KubeObject>) {
    for (const prefix of prefixes) {
      for (const { key, value } of etcd.range({ from: prefix, end: prefixEnd(prefix) }).kvs)
        this.#objects.set(key, value!);
    }
    etcd.watch(
      etcd.revision,
      (event) => {
        const { key, value } = event;
        if (value === undefined) this.#objects.delete(key);
        else this.#objects.set(key, value);
        this.generation++;
        this.#clusterBindings = null;
        this.#bindings.clear();
      },
      prefixes,
    );
  }

  /** The rules of a role; `namespace` is that of the binding. Throws NotFound. */
  rulesOfRole({ kind, name }: RoleRef, namespace: string): readonly PolicyRule[] {
    const key = kind === 'Role' ? `/registry/roles/${namespace}/${name}` : `/registry/clusterroles/${name}`;
    const role = this.#objects.get(key) as Role | ClusterRole | undefined;
    if (role === undefined) throw notFound(rbacGroup, kind.toLowerCase(), name);
    return role.rules ?? [];
  }

  /** All rules that apply to a user at the cluster scope, and in `namespace` unless that is `''`. */
  grantsOf(user: UserInfo, namespace: string): Grants {
    const rules: GrantedRule[] = [];
    const errors: StatusError[] = [];
    const visit = (binding: Binding, scope: string) => {
      const subject = binding.subjects?.find((one) => appliesTo(one, user, scope));
      if (subject === undefined) return;
      try {
        for (const rule of this.rulesOfRole(binding.roleRef, scope)) rules.push({ rule, binding, subject });
      } catch (error) {
        errors.push(error as StatusError);
      }
    };
    for (const binding of this.#clusterRoleBindings()) visit(binding, '');
    if (namespace !== '') for (const binding of this.#roleBindings(namespace)) visit(binding, namespace);
    return { rules, errors };
  }

  #clusterRoleBindings(): readonly ClusterRoleBinding[] {
    return (this.#clusterBindings ??= this.#under('/registry/clusterrolebindings/') as ClusterRoleBinding[]);
  }

  #roleBindings(namespace: string): readonly RoleBinding[] {
    let known = this.#bindings.get(namespace);
    if (known === undefined) {
      known = this.#under(`/registry/rolebindings/${namespace}/`) as RoleBinding[];
      this.#bindings.set(namespace, known);
    }
    return known;
  }

  /** In the order of their names, so that a decision names the same binding every time. */
  #under(prefix: string): KubeObject[] {
    return [...this.#objects]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);
  }
}

function appliesTo({ kind, name, namespace }: Subject, user: UserInfo, scope: string): boolean {
  switch (kind) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount': {
      const where = namespace || scope;
      return where !== '' && user.name === `system:serviceaccount:${where}:${name}`;
    }
    default:
      return false;
  }
}
