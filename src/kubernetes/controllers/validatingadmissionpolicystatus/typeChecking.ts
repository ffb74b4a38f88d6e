// Upstream: apiserver/pkg/admission/plugin/policy/validating/typechecking.go
import type {
  ExpressionWarning,
  ValidatingAdmissionPolicy,
} from '#generated/types/admissionregistration.v1.ts';
import { celTypeOfKind } from '#kubernetes/api/definitionTypes.ts';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import { checkTypedCel } from '#kubernetes/apimachinery/cel.ts';
import {
  bool,
  type CelType,
  dyn,
  int,
  listOf,
  mapOf,
  objectOf,
  string,
  timestamp,
} from '#kubernetes/apimachinery/cel/types.ts';

/** Of how many kinds a rule's objects are looked at. Upstream: maxTypesToCheck. */
const kindsMax = 10;

/** What the expressions of a policy get wrong about the kinds that it names. Wildcards name none. */
export function checkPolicy({ spec }: ValidatingAdmissionPolicy, kinds: KindSet): ExpressionWarning[] {
  const matched = kindsOf(spec, kinds);
  const warnings: ExpressionWarning[] = [];
  const look = (expression: string | undefined, fieldRef: string) => {
    if (!expression) return;
    const found = matched.flatMap((kind) => issuesOf(expression, spec, kind, kinds));
    if (found.length > 0) warnings.push({ fieldRef, warning: found.join('\n') });
  };
  for (const [index, { expression, messageExpression }] of (spec.validations ?? []).entries()) {
    look(expression, `spec.validations[${index}].expression`);
    look(messageExpression, `spec.validations[${index}].messageExpression`);
  }
  return warnings;
}

type Spec = ValidatingAdmissionPolicy['spec'];

/** The kinds that the rules name, in the order of group, version and kind. */
function kindsOf({ matchConstraints }: Spec, kinds: KindSet): AnyKind[] {
  const found = new Set<AnyKind>();
  for (const rule of matchConstraints?.resourceRules ?? []) {
    const { apiGroups = [], apiVersions = [], resources = [] } = rule;
    if ([...apiGroups, ...apiVersions].some((text) => text.includes('*'))) continue;
    const plain = resources.filter((resource) => !/[*/]/.test(resource));
    const named = [...apiGroups]
      .sort()
      .flatMap((group) =>
        [...apiVersions]
          .sort()
          .flatMap((version) =>
            [...plain].sort().flatMap((resource) => kinds.findResource(group, version, resource) ?? []),
          ),
      );
    for (const kind of named.slice(0, kindsMax)) found.add(kind);
  }
  const key = ({ group, version, kind }: AnyKind) => `${group}\0${version}\0${kind}`;
  return [...found].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function issuesOf(expression: string, spec: Spec, kind: AnyKind, kinds: KindSet): string[] {
  const found = checkTypedCel(expression, variablesOf(spec, kind, kinds));
  if (!('issues' in found)) return [];
  return [`${kind.group}/${kind.version}, Kind=${kind.kind}: ${found.issues}\n`];
}

function variablesOf(spec: Spec, kind: AnyKind, kinds: KindSet): ReadonlyMap<string, CelType> {
  const object = celTypeOfKind(kind, `${kind.kind}1`);
  const variables = new Map<string, CelType>([
    ['object', object],
    ['oldObject', object],
    ['request', requestType],
    ['namespaceObject', namespaceType],
    ['authorizer', dyn],
  ]);
  if (spec.paramKind) {
    const { apiVersion = '', kind: name = '' } = spec.paramKind;
    const params = kinds.findKind(apiVersion, name);
    variables.set('params', params ? celTypeOfKind(params, `${name}1`) : dyn);
  }
  // Each variable may use those before it.
  const composited = new Map<string, CelType>();
  for (const { name, expression } of spec.variables ?? []) {
    const known = new Map(variables).set('variables', objectOf('kubernetes.variables', composited));
    const found = checkTypedCel(expression, known);
    composited.set(name, 'type' in found ? found.celType : dyn);
  }
  return variables.set('variables', objectOf('kubernetes.variables', composited));
}

function fieldsOf(name: string, fields: Readonly<Record<string, CelType>>): CelType {
  return objectOf(name, new Map(Object.entries(fields)));
}

const gvkType = fieldsOf('kubernetes.GroupVersionKind', { group: string, version: string, kind: string });
const gvrType = fieldsOf('kubernetes.GroupVersionResource', {
  group: string,
  version: string,
  resource: string,
});

/** Upstream: BuildRequestType, apiserver/pkg/admission/plugin/cel/compile.go */
const requestType = fieldsOf('kubernetes.AdmissionRequest', {
  kind: gvkType,
  resource: gvrType,
  subResource: string,
  requestKind: gvkType,
  requestResource: gvrType,
  requestSubResource: string,
  name: string,
  namespace: string,
  operation: string,
  userInfo: fieldsOf('kubernetes.UserInfo', {
    username: string,
    uid: string,
    groups: listOf(string),
    extra: mapOf(string, listOf(string)),
  }),
  dryRun: bool,
  options: dyn,
});

/** Upstream: BuildNamespaceType, same file. */
const namespaceType = fieldsOf('kubernetes.Namespace', {
  metadata: fieldsOf('kubernetes.NamespaceMetadata', {
    name: string,
    generateName: string,
    namespace: string,
    labels: mapOf(string, string),
    annotations: mapOf(string, string),
    UID: string,
    creationTimestamp: timestamp,
    deletionGracePeriodSeconds: int,
    deletionTimestamp: timestamp,
    generation: int,
    resourceVersion: string,
    finalizers: listOf(string),
  }),
  spec: fieldsOf('kubernetes.NamespaceSpec', { finalizers: listOf(string) }),
  status: fieldsOf('kubernetes.NamespaceStatus', { phase: string }),
});
