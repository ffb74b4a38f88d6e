// Upstream: plugin/pkg/auth/authorizer/node/node_authorizer.go
import type { PersistentVolume, Pod } from '#generated/types/core.v1.ts';
import type { PolicyRule } from '#generated/types/rbac.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { allowsPath, allowsResource } from '#kubernetes/api/rbac/policyRules.ts';
import type { Etcd } from '#kubernetes/etcd/etcd.ts';
import type { Attributes } from './attributes.ts';
import { allowed, type Decision, noOpinion } from './authorizer.ts';
import type { NodeGraph } from './nodeGraph.ts';

const leaseNamespace = 'kube-node-lease';
/** Verbs and subresources of one resource that are remembered. */
const entriesMax = 100;

/** Lets a kubelet do what its node and the pods on it need, and nothing for other nodes. */
export class NodeAuthorizer {
  readonly #etcd: Etcd<KubeObject>;
  readonly #graph: NodeGraph;
  readonly #rules: readonly PolicyRule[];
  /** By resource, a few each. */
  readonly #decided = new Map<
    string,
    {
      readonly verb: string;
      readonly group: string;
      readonly subresource: string;
      readonly decision: Decision;
    }[]
  >();

  /** `rules` are those of the role `system:node`, for all that is not divided up by node. */
  constructor(etcd: Etcd<KubeObject>, graph: NodeGraph, rules: readonly PolicyRule[]) {
    this.#etcd = etcd;
    this.#graph = graph;
    this.#rules = rules;
  }

  authorize(node: string, asked: Omit<Attributes, 'user'>): Decision {
    const { group, resource, name } = asked;
    if (group === '') {
      switch (resource) {
        case 'pods':
          return this.#pod(node, asked);
        case 'nodes':
          return ownNode(node, asked);
        case 'secrets':
          return this.#read(node, asked, ({ secrets }) => secrets.has(name));
        case 'configmaps':
          return this.#read(node, asked, ({ configMaps }) => configMaps.has(name));
        case 'persistentvolumeclaims':
          return this.#claim(node, asked);
        case 'persistentvolumes':
          return this.#get(asked) ?? this.#related(node, this.#usesVolume(node, name));
        case 'serviceaccounts':
          return this.#token(node, asked);
      }
    } else if (resource === 'leases' && group === 'coordination.k8s.io') return lease(node, asked);
    else if (resource === 'csinodes' && group === 'storage.k8s.io') return csiNode(node, asked);
    return this.#uniform(asked);
  }

  /** What is the same for all nodes; decided once. */
  #uniform(asked: Omit<Attributes, 'user'>): Decision {
    const { verb, group, resource, subresource, path } = asked;
    if (resource === '')
      return this.#rules.some((rule) => allowsPath(rule, verb, path)) ? allowed : noOpinion;
    let entries = this.#decided.get(resource);
    if (entries === undefined) {
      entries = [];
      this.#decided.set(resource, entries);
    }
    for (const entry of entries)
      if (entry.verb === verb && entry.subresource === subresource && entry.group === group)
        return entry.decision;
    const decision = this.#rules.some((rule) => allowsResource(rule, asked)) ? allowed : noOpinion;
    if (entries.length >= entriesMax) entries.length = 0;
    entries.push({ verb, group, subresource, decision });
    return decision;
  }

  #read(
    node: string,
    { verb, subresource, namespace, name }: Omit<Attributes, 'user'>,
    is: Parameters<NodeGraph['some']>[2],
  ): Decision {
    if (!['get', 'list', 'watch'].includes(verb)) return refuse('can only read resources of this type');
    if (subresource !== '') return refuse('cannot read subresource');
    if (namespace === '') return refuse('can only read namespaced object of this type');
    if (name === '') return refuse('No Object name found');
    return this.#related(node, this.#graph.some(node, namespace, is));
  }

  /** Null for a get of one object. */
  #get({ verb, subresource, name }: Omit<Attributes, 'user'>): Decision | null {
    if (verb !== 'get') return refuse('can only get individual resources of this type');
    if (subresource !== '') return refuse('cannot get subresource');
    return name === '' ? refuse('No Object name found') : null;
  }

  #claim(node: string, asked: Omit<Attributes, 'user'>): Decision {
    const { verb, subresource, namespace, name } = asked;
    const isUsed = () => this.#related(node, this.#usesClaim(node, namespace, name));
    if (subresource !== 'status') return this.#get(asked) ?? isUsed();
    return verb === 'update' || verb === 'patch' ? isUsed() : refuse('can only get/update/patch this type');
  }

  #token(node: string, { verb, subresource, namespace, name }: Omit<Attributes, 'user'>): Decision {
    if (verb !== 'create' || name === '')
      return refuse('can only create tokens for individual service accounts');
    if (subresource !== 'token') return refuse('can only create token subresource of serviceaccount');
    const runs = this.#graph.some(node, namespace, ({ serviceAccount }) => serviceAccount === name);
    return this.#related(node, runs);
  }

  #pod(
    node: string,
    { verb, subresource, namespace, name, fieldSelector }: Omit<Attributes, 'user'>,
  ): Decision {
    const isOwn = () => this.#related(node, this.#podOf(namespace, name)?.spec.nodeName === node);
    if (subresource === 'status') return verb === 'patch' || verb === 'update' ? allowed : noOpinion;
    if (subresource !== '') return subresource === 'eviction' && verb === 'create' ? allowed : noOpinion;
    switch (verb) {
      case 'create':
      case 'delete':
        return allowed;
      case 'get':
        return name === '' ? refuse('No Object name found') : isOwn();
      case 'list':
      case 'watch':
        if (selectsNode(fieldSelector, node)) return allowed;
        return name === '' ? refuse('can only list/watch pods with spec.nodeName field selector') : isOwn();
      default:
        return noOpinion;
    }
  }

  #usesClaim(node: string, namespace: string, name: string): boolean {
    return this.#graph.some(node, namespace, ({ claims }) => claims.has(name));
  }

  #usesVolume(node: string, name: string): boolean {
    const volume = this.#etcd.get(`/registry/persistentvolumes/${name}`)?.value as
      | PersistentVolume
      | undefined;
    const claim = volume?.spec.claimRef;
    return claim !== undefined && this.#usesClaim(node, claim.namespace ?? '', claim.name ?? '');
  }

  #podOf(namespace: string, name: string): Pod | undefined {
    return this.#etcd.get(`/registry/pods/${namespace}/${name}`)?.value as Pod | undefined;
  }

  #related(node: string, isRelated: boolean): Decision {
    return isRelated ? allowed : refuse(`no relationship found between node '${node}' and this object`);
  }
}

function refuse(reason: string): Decision {
  return { allowed: false, reason };
}

function selectsNode(fieldSelector: string, node: string): boolean {
  return fieldSelector.split(',').some((one) => /^spec\.nodeName==?(.*)$/.exec(one)?.[1] === node);
}

const ownVerbs = ['get', 'create', 'update', 'patch', 'delete'];

function lease(node: string, { verb, namespace, name }: Omit<Attributes, 'user'>): Decision {
  if (!ownVerbs.includes(verb)) return refuse('can only get, create, update, patch, or delete a node lease');
  if (namespace !== leaseNamespace)
    return refuse(`can only access leases in the "${leaseNamespace}" system namespace`);
  // A create has no name yet; the admission plugin NodeRestriction looks at its object.
  if (verb !== 'create' && name !== node)
    return refuse('can only access node lease with the same name as the requesting node');
  return allowed;
}

function csiNode(node: string, { verb, subresource, name }: Omit<Attributes, 'user'>): Decision {
  if (!ownVerbs.includes(verb)) return refuse('can only get, create, update, patch, or delete a CSINode');
  if (subresource !== '') return refuse('cannot authorize CSINode subresources');
  if (verb !== 'create' && name !== node)
    return refuse('can only access CSINode with the same name as the requesting node');
  return allowed;
}

function ownNode(node: string, { verb, subresource, name }: Omit<Attributes, 'user'>): Decision {
  switch (`${verb} ${subresource}`) {
    case 'create ':
    case 'update ':
    case 'patch ':
    case 'update status':
    case 'patch status':
      return allowed;
    case 'get ':
    case 'list ':
    case 'watch ':
      if (name === node) return allowed;
      return refuse(
        name === ''
          ? `node '${node}' cannot read all nodes, only its own Node object`
          : `node '${node}' cannot read '${name}', only its own Node object`,
      );
    default:
      return noOpinion;
  }
}
