// Upstream: plugin/pkg/admission/noderestriction/admission.go
import type { TokenRequest } from '#generated/types/authentication.v1.ts';
import type { Node, Pod } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { notFound, qualifiedResource, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { nodeNameOf } from '../access/nodeIdentity.ts';
import type { AdmissionPlugin, AdmissionRequest, ServerContext } from '../context.ts';

const mirrorAnnotation = 'kubernetes.io/config.mirror';
const leaseNamespace = 'kube-node-lease';

/** Labels of Kubernetes' own domains that a kubelet may give its node. Upstream: kubelet/pkg/apis/well_known_labels.go */
const kubeletLabels = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]);
const kubeletDomain = /(^|\.)(kubelet|node)\.kubernetes\.io$/;
const restrictedDomain = /(^|\.)node-restriction\.kubernetes\.io$/;
const ownDomain = /(^|\.)(kubernetes|k8s)\.io$/;

const restricted = new Set(['pods', 'nodes', 'serviceaccounts', 'leases', 'csinodes']);

/** Keeps a kubelet to its own node and the pods on it, however its requests were authorized. */
export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  handles: ({ kind }) => restricted.has(kind.plural),
  validate(object, request, context) {
    const node = nodeNameOf(request.user);
    if (node === null) return;
    const refuse = (why: string): StatusError => forbidden(request, why);
    switch (request.kind.plural) {
      case 'pods':
        return checkPod(node, object as Pod | undefined, request, context, refuse);
      case 'nodes':
        return checkNode(node, object as Node | undefined, request, refuse);
      case 'serviceaccounts':
        return checkToken(node, object as unknown as TokenRequest, request, context, refuse);
      case 'leases':
        if (request.namespace !== leaseNamespace)
          throw refuse(`can only access leases in the "${leaseNamespace}" system namespace`);
        if (request.name !== node)
          throw refuse('can only access node lease with the same name as the requesting node');
        return;
      case 'csinodes':
        if (request.name !== node)
          throw refuse('can only access CSINode with the same name as the requesting node');
    }
  },
};

type Refuse = (why: string) => StatusError;

function forbidden({ kind, name }: AdmissionRequest, why: string): StatusError {
  const { group, plural } = kind;
  return new StatusError(
    'Forbidden',
    `${qualifiedResource(group, plural)} ${JSON.stringify(name)} is forbidden: ${why}`,
    { name, ...(group && { group }), kind: plural },
  );
}

function checkPod(
  node: string,
  pod: Pod | undefined,
  { operation, subresource, old }: AdmissionRequest,
  context: ServerContext,
  refuse: Refuse,
): void {
  const before = old as Pod | undefined;
  if (subresource === 'status') {
    if (before?.spec.nodeName !== node)
      throw refuse(`node "${node}" can only update pod status for pods with spec.nodeName set to itself`);
    const isSame =
      pod!.metadata.labels === before.metadata.labels ||
      deepEqual(pod!.metadata.labels, before.metadata.labels);
    if (!isSame) throw refuse(`node "${node}" cannot update labels through pod status`);
    return;
  }
  if (subresource !== '')
    throw refuse(`unexpected pod subresource "${subresource}", only 'status' and 'eviction' are allowed`);
  if (operation === 'CREATE') return checkNewPod(node, pod!, context, refuse);
  if (operation === 'UPDATE')
    throw refuse(`unexpected operation "UPDATE", node "${node}" can only create and delete mirror pods`);
  if (before?.spec.nodeName !== node)
    throw refuse(`node "${node}" can only delete pods with spec.nodeName set to itself`);
}

function checkNewPod(
  node: string,
  { metadata, spec }: Pod,
  { storage, kinds }: ServerContext,
  refuse: Refuse,
): void {
  if (metadata.annotations?.[mirrorAnnotation] === undefined) {
    throw refuse(
      `pod does not have "${mirrorAnnotation}" annotation, node "${node}" can only create mirror pods`,
    );
  }
  if (spec.nodeName !== node)
    throw refuse(`node "${node}" can only create pods with spec.nodeName set to itself`);
  const owners = metadata.ownerReferences ?? [];
  if (owners.length > 1)
    throw refuse(`node "${node}" can only create pods with a single owner reference set to itself`);
  const [owner] = owners;
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
    throw refuse(`node "${node}" can only create pods with an owner reference set to itself`);
  if (!owner.controller)
    throw refuse(`node "${node}" can only create pods with a controller owner reference set to itself`);
  if (owner.blockOwnerDeletion)
    throw refuse(`node "${node}" must not set blockOwnerDeletion on an owner reference`);
  const { uid } = storage.read(kinds.findResource('', 'v1', 'nodes')!, '', node).metadata;
  if (owner.uid !== uid) throw refuse(`node ${node} UID mismatch: expected ${owner.uid} got ${uid}`);
  const reference = referenceOf(spec);
  if (reference !== null) throw refuse(`node "${node}" can not create pods that reference ${reference}`);
}

/** What else of the API a pod refers to; a mirror refers to nothing. */
function referenceOf(spec: Pod['spec']): string | null {
  if (spec.serviceAccountName) return 'a service account';
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const volumes = spec.volumes ?? [];
  const sources = volumes.flatMap(({ projected }) => projected?.sources ?? []);
  const names = (has: (part: { readonly [kind: string]: unknown }) => boolean) =>
    [...volumes, ...sources].some((part) => has(part as unknown as { readonly [kind: string]: unknown })) ||
    containers.some(({ env = [], envFrom = [] }) =>
      [...envFrom, ...env.map(({ valueFrom }) => valueFrom ?? {})].some((part) =>
        has(part as { readonly [kind: string]: unknown }),
      ),
    );
  if (
    spec.imagePullSecrets?.length ||
    names((part) => Boolean(part.secret ?? part.secretRef ?? part.secretKeyRef))
  )
    return 'secrets';
  if (names((part) => Boolean(part.configMap ?? part.configMapRef ?? part.configMapKeyRef)))
    return 'configmaps';
  if (sources.some(({ clusterTrustBundle }) => clusterTrustBundle)) return 'clustertrustbundles';
  return volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim) ? 'persistentvolumeclaims' : null;
}

function checkNode(node: string, next: Node | undefined, request: AdmissionRequest, refuse: Refuse): void {
  if (request.name !== node) throw refuse(`node "${node}" is not allowed to modify node "${request.name}"`);
  if (next === undefined) return;
  const old = request.old as Node | undefined;
  const changed = changedLabels(next, old).filter((label) => !mayLabel(label));
  if (old === undefined) {
    if (changed.length > 0)
      throw refuse(`node "${node}" is not allowed to set the following labels: ${changed.join(', ')}`);
    return;
  }
  if (!deepEqual(next.spec.taints, old.spec.taints))
    throw refuse(`node "${node}" is not allowed to modify taints`);
  if (changed.length > 0) throw refuse(`is not allowed to modify labels: ${changed.join(', ')}`);
}

function changedLabels(next: KubeObject, old: KubeObject | undefined): string[] {
  const after = next.metadata.labels ?? {};
  const before = old?.metadata.labels ?? {};
  if (after === before) return [];
  return [...new Set([...Object.keys(after), ...Object.keys(before)])]
    .filter((key) => after[key] !== before[key])
    .sort();
}

function mayLabel(label: string): boolean {
  const slash = label.indexOf('/');
  const domain = slash < 0 ? '' : label.slice(0, slash);
  if (restrictedDomain.test(domain)) return false;
  return !ownDomain.test(domain) || kubeletLabels.has(label) || kubeletDomain.test(domain);
}

/** A kubelet asks for tokens of its own pods alone, each bound to its pod. */
function checkToken(
  node: string,
  token: TokenRequest,
  { operation, subresource, namespace }: AdmissionRequest,
  { storage, kinds }: ServerContext,
  refuse: Refuse,
): void {
  if (operation !== 'CREATE' || subresource !== 'token') return;
  const { apiVersion, kind, name = '', uid = '' } = token.spec.boundObjectRef ?? {};
  if (apiVersion !== 'v1' || kind !== 'Pod' || name === '')
    throw refuse('node requested token not bound to a pod');
  if (uid === '') throw refuse('node requested token with a pod binding without a uid');
  const pod = storage.get(kinds.findResource('', 'v1', 'pods')!, namespace, name) as Pod | undefined;
  if (pod === undefined) throw notFound('', 'pods', name);
  if (uid !== pod.metadata.uid) {
    throw refuse(
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  if (pod.spec.nodeName !== node)
    throw refuse('node requested token bound to a pod scheduled on a different node');
}
