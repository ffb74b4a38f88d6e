// Upstream: apiserver/pkg/endpoints/filters/{authentication,impersonation,authorization}.go,
// pkg/kubeapiserver/authorizer/config.go (--authorization-mode=Node,RBAC)
import type { Secret } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiRequest, Credentials, UserInfo } from '#kubernetes/api/request.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Etcd } from '#kubernetes/etcd/etcd.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { RequestInfo } from '../requestInfo.ts';
import { type Attributes, attributesOf, forbiddenRequest } from './attributes.ts';
import { allowed, type Decision, noOpinion } from './authorizer.ts';
import { nodeRules } from './bootstrapPolicy/nodeRules.ts';
import { CertificateAuthority } from './certificateAuthority.ts';
import { impersonated } from './impersonation.ts';
import { NodeAuthorizer } from './nodeAuthorizer.ts';
import { NodeGraph } from './nodeGraph.ts';
import { nodeNameOf } from './nodeIdentity.ts';
import { PolicyCache } from './policyCache.ts';
import { RbacAuthorizer, type RbacMemory } from './rbacAuthorizer.ts';
import { ServiceAccountTokens } from './serviceAccountTokens.ts';

/** Who may do everything, before anyone asks. Upstream: authorizerfactory.NewPrivilegedGroups */
export const privilegedGroup = 'system:masters';

const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** What is known of a user: everything here follows from its name and groups. */
interface Standing {
  readonly isPrivileged: boolean;
  /** The node that it is the kubelet of, or null. */
  readonly node: string | null;
  readonly memory: RbacMemory;
}

/** Who asks, and whether they may: authentication, impersonation and authorization of every request. */
export class AccessControl {
  readonly tokens: ServiceAccountTokens;
  readonly authority: CertificateAuthority;
  readonly policy: PolicyCache;
  readonly #rbac: RbacAuthorizer;
  readonly #nodes: NodeAuthorizer;
  /** One look-up per request finds all that is known of its user. */
  readonly #standings = new WeakMap<UserInfo, Standing>();

  /** `noteUse` is told when a Secret's token is used, with the day. */
  constructor(
    simulation: Simulation,
    etcd: Etcd<KubeObject>,
    noteUse: (secret: Secret, day: string) => void,
  ) {
    this.tokens = new ServiceAccountTokens(simulation, etcd, noteUse);
    this.authority = new CertificateAuthority(simulation);
    this.policy = new PolicyCache(etcd);
    this.#rbac = new RbacAuthorizer(this.policy);
    this.#nodes = new NodeAuthorizer(etcd, new NodeGraph(etcd), nodeRules);
  }

  /** The request as its user sends it. Throws Unauthorized and Forbidden. */
  admit(request: ApiRequest, info: RequestInfo): ApiRequest {
    const { credentials, impersonate } = request;
    let { user } = request;
    if (credentials !== undefined) user = this.#authenticate(credentials);
    if (impersonate !== undefined) user = impersonated(user, impersonate, this);
    const standing = this.#standingOf(user);
    if (!standing.isPrivileged) this.#check(attributesOf(request, info, user), standing);
    return user === request.user ? request : { ...request, user };
  }

  /** Whether a user may do something, and why. */
  authorize(attributes: Attributes): Decision {
    const { isPrivileged, node } = this.#standingOf(attributes.user);
    if (isPrivileged) return allowed;
    const first = node === null ? noOpinion : this.#nodes.authorize(node, attributes);
    if (first.allowed) return first;
    const second = this.#rbac.authorize(attributes);
    if (second.allowed || first.reason === '') return second;
    return { allowed: false, reason: [first.reason, second.reason].filter((one) => one !== '').join('\n') };
  }

  #check(attributes: Attributes, { node, memory }: Standing): void {
    if (node !== null && this.#nodes.authorize(node, attributes).allowed) return;
    if (attributes.resource !== '' && this.#rbac.allows(memory, attributes)) return;
    const decision = this.authorize(attributes);
    if (!decision.allowed) throw forbiddenRequest(attributes, decision.reason);
  }

  #standingOf(user: UserInfo): Standing {
    let standing = this.#standings.get(user);
    if (standing === undefined) {
      standing = {
        isPrivileged: user.groups.includes(privilegedGroup),
        node: nodeNameOf(user),
        memory: { generation: this.policy.generation, byResource: new Map() },
      };
      this.#standings.set(user, standing);
    }
    return standing;
  }

  #authenticate({ token, certificate }: Credentials): UserInfo {
    if (certificate !== undefined) {
      const user = this.authority.authenticate(certificate);
      if (user === null) throw new StatusError('Unauthorized', 'Unauthorized');
      return user;
    }
    if (token === undefined) return anonymous;
    const found = this.tokens.authenticate(token);
    if ('error' in found) throw new StatusError('Unauthorized', 'Unauthorized');
    return found.user;
  }
}
