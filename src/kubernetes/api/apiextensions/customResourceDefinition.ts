// Upstream: apiextensions-apiserver/pkg/apis/apiextensions/{v1/defaults,validation/validation}.go
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
} from '#generated/types/apiextensions.v1.ts';
import { forbidden, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { Jsonpath } from '#kubernetes/apimachinery/jsonpath.ts';
import { checkDns1035Label, checkDns1123Subdomain } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { nameColumn } from '../columns.ts';
import { validateClientConfig, validateReviewVersions } from '../admissionregistration/webhooks.ts';
import { under, validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import type { JsonSchema } from './jsonSchema.ts';
import { validateStructure } from './structuralSchema.ts';

export type { CustomResourceDefinition };

const columnTypes = ['integer', 'number', 'string', 'boolean', 'date'];

export const customResourceDefinitions: Kind<CustomResourceDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  schema: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition',
  hasStatus: true,

  defaults(definition) {
    // What must be there may be missing still: that is said by `validate`.
    const spec: Partial<CustomResourceDefinitionSpec> = definition.spec;
    const names: Partial<CustomResourceDefinitionNames> = spec.names ?? {};
    const conversion = defaultConversion(spec.conversion);
    const isWhole = spec.versions && names.plural && names.kind && names.singular && names.listKind;
    if (isWhole && conversion === spec.conversion) return definition;
    const kind = names.kind ?? '';
    const derived = { plural: '', kind, singular: kind.toLowerCase(), listKind: kind && `${kind}List` };
    return {
      ...definition,
      spec: {
        group: '',
        scope: '',
        versions: [],
        ...spec,
        conversion,
        names: { ...derived, ...names },
      },
    };
  },

  prepareForCreate: (definition) => ({
    ...definition,
    status: {
      conditions: [],
      acceptedNames: { plural: '', kind: '' },
      storedVersions: storageVersions(definition.spec),
    },
  }),

  prepareForUpdate(definition, old) {
    const stored = old.status.storedVersions ?? [];
    const added = storageVersions(definition.spec).filter((name) => !stored.includes(name));
    if (added.length === 0) return definition;
    return { ...definition, status: { ...definition.status, storedVersions: [...stored, ...added] } };
  },

  checkName: checkDns1123Subdomain,

  validate(definition) {
    const { name } = definition.metadata;
    const { spec } = definition;
    const wanted = `${spec.names.plural}.${spec.group}`;
    const errors: FieldError[] = [];
    if (name && name !== wanted)
      errors.push(invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
    return [...errors, ...validateSpec(spec)];
  },

  validateNew: validateApproval,

  validateUpdate(definition, old) {
    const isEstablished = old.status.conditions?.some(
      ({ type, status }) => type === 'Established' && status === 'True',
    );
    const { spec } = definition;
    return [
      ...(isEstablished
        ? [
            ...validateImmutable('spec.scope', spec.scope, old.spec.scope),
            ...validateImmutable('spec.names.kind', spec.names.kind, old.spec.names.kind),
          ]
        : []),
      ...validateImmutable('spec.group', spec.group, old.spec.group),
      ...validateImmutable('spec.names.plural', spec.names.plural, old.spec.names.plural),
      ...missingStoredVersions(definition),
      ...(approvalOf(definition) === approvalOf(old) ? [] : validateApproval(definition)),
    ];
  },

  columns: [
    nameColumn,
    {
      name: 'Created At',
      type: 'date',
      description:
        'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
      priority: 0,
      value: ({ metadata }) => metadata.creationTimestamp,
    },
  ],
};

const approvalAnnotation = 'api-approved.kubernetes.io';

function approvalOf({ metadata }: CustomResourceDefinition): string {
  return metadata.annotations?.[approvalAnnotation] ?? '';
}

/** Groups of the Kubernetes community are for kinds that it has approved. Upstream: validateAPIApproval, GetAPIApprovalState */
function validateApproval(definition: CustomResourceDefinition): FieldError[] {
  if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(definition.spec.group)) return [];
  const approval = approvalOf(definition);
  if (approval.startsWith('unapproved') || isWebAddress(approval)) return [];
  const field = `metadata.annotations[${approvalAnnotation}]`;
  const wanted = `protected groups must have approval annotation "${approvalAnnotation}"`;
  const see = 'see https://github.com/kubernetes/enhancements/pull/1111';
  if (approval === '') return [required(field, `${wanted}, ${see}`)];
  const forms = 'with either a URL or a reason starting with "unapproved"';
  return [invalidValue(field, approval, `${wanted} ${forms}, ${see}`)];
}

/** True for what has a scheme and a host. */
function isWebAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]/i.test(text);
}

function storageVersions(spec: CustomResourceDefinitionSpec): string[] {
  return spec.versions.filter(({ storage }) => storage).map(({ name }) => name);
}

function missingStoredVersions({ spec, status }: CustomResourceDefinition): FieldError[] {
  const names = spec.versions.map(({ name }) => name);
  return (status.storedVersions ?? []).flatMap((name, index) =>
    names.includes(name)
      ? []
      : [
          invalidValue(
            `status.storedVersions[${index}]`,
            name,
            'missing from spec.versions; v1beta1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1beta1 and removes v1beta1 from status.storedVersions'.replaceAll(
              'v1beta1',
              name,
            ),
          ),
        ],
  );
}

/** The versions in the form that upstream keeps them in: what all have alike stands elsewhere there. */
function shownVersions(versions: readonly CustomResourceDefinitionVersion[]): unknown {
  if (versions.length === 0) return null;
  const own = (version: CustomResourceDefinitionVersion, field: 'schema' | 'subresources' | 'columns') => {
    const of = (each: CustomResourceDefinitionVersion) =>
      field === 'columns' ? each.additionalPrinterColumns : each[field];
    return versions.every((other) => deepEqual(of(other), of(version))) ? null : (of(version) ?? null);
  };
  return versions.map((version) => ({
    Name: version.name,
    Served: version.served,
    Storage: version.storage,
    Deprecated: version.deprecated ?? false,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: own(version, 'schema'),
    Subresources: own(version, 'subresources'),
    AdditionalPrinterColumns: own(version, 'columns'),
    SelectableFields: version.selectableFields ?? null,
  }));
}

function validateSpec(spec: CustomResourceDefinitionSpec): FieldError[] {
  const { group, scope, versions } = spec;
  const errors: FieldError[] = [];
  if (!group) errors.push(required('spec.group'));
  else {
    const wrong = checkDns1123Subdomain(group);
    if (wrong.length > 0) errors.push(invalidValue('spec.group', group, wrong.join(',')));
    else if (!group.includes('.'))
      errors.push(invalidValue('spec.group', group, 'should be a domain with at least one dot'));
  }
  if (!scope) errors.push(required('spec.scope'));
  else if (!['Cluster', 'Namespaced'].includes(scope))
    errors.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']));
  if (spec.preserveUnknownFields)
    errors.push(invalidValue('spec.preserveUnknownFields', true, 'must be false'));
  const names = versions.map(({ name }) => name);
  if (new Set(names).size !== names.length)
    errors.push(invalidValue('spec.versions', shownVersions(versions), 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1)
    errors.push(
      invalidValue(
        'spec.versions',
        shownVersions(versions),
        'must have exactly one version marked as storage version',
      ),
    );
  errors.push(...versions.flatMap((version, index) => validateVersion(version, index, versions)));
  return [...errors, ...validateNames(spec.names), ...validateConversion(spec)];
}

function validateVersion(
  version: CustomResourceDefinitionVersion,
  index: number,
  all: readonly CustomResourceDefinitionVersion[],
): FieldError[] {
  const at = `spec.versions[${index}]`;
  const errors: FieldError[] = [];
  const wrong = checkDns1035Label(version.name);
  if (wrong.length > 0) errors.push(invalidValue(`${at}.name`, version.name, wrong.join(',')));
  const schema = version.schema?.openAPIV3Schema as JsonSchema | undefined;
  if (schema === undefined) errors.push(required(`${at}.schema.openAPIV3Schema`, 'schemas are required'));
  // A schema that all versions share is one field in upstream's internal type.
  else
    errors.push(
      ...validateStructure(
        schema,
        all.length === 1 ? 'spec.validation.openAPIV3Schema' : `${at}.schema.openAPIV3Schema`,
      ),
    );
  if (version.deprecationWarning !== undefined && !version.deprecated)
    errors.push(
      invalidValue(
        `${at}.deprecationWarning`,
        version.deprecationWarning,
        'can only be set for deprecated versions',
      ),
    );
  return [...errors, ...validateColumns(version, at), ...validateSubresources(version, at)];
}

function validateColumns(
  { additionalPrinterColumns }: CustomResourceDefinitionVersion,
  at: string,
): FieldError[] {
  return (additionalPrinterColumns ?? []).flatMap(({ name, type, jsonPath }, index) => {
    const place = `${at}.additionalPrinterColumns[${index}]`;
    const errors: FieldError[] = [];
    if (!name) errors.push(required(`${place}.name`));
    if (!type) errors.push(required(`${place}.type`, `must be one of ${columnTypes.join(',')}`));
    else if (!columnTypes.includes(type))
      errors.push(invalidValue(`${place}.type`, type, `must be one of ${columnTypes.join(',')}`));
    if (!jsonPath) errors.push(required(`${place}.jsonPath`));
    else if (!isJsonpath(jsonPath))
      errors.push(invalidValue(`${place}.jsonPath`, jsonPath, 'is not a valid JSON path'));
    return errors;
  });
}

function isJsonpath(path: string): boolean {
  if (!path.startsWith('.')) return false;
  try {
    return new Jsonpath(`{${path}}`).find({}, { allowMissingKeys: true }) !== null;
  } catch {
    return false;
  }
}

function validateSubresources({ subresources }: CustomResourceDefinitionVersion, at: string): FieldError[] {
  const scale = subresources?.scale;
  if (scale === undefined) return [];
  const errors: FieldError[] = [];
  const place = `${at}.subresources.scale`;
  for (const [field, root] of [
    ['specReplicasPath', '.spec.'],
    ['statusReplicasPath', '.status.'],
  ] as const) {
    if (!scale[field]) errors.push(required(`${place}.${field}`));
    else if (!scale[field].startsWith(root))
      errors.push(
        invalidValue(`${place}.${field}`, scale[field], `should be a json path under ${root.slice(0, -1)}`),
      );
  }
  const selector = scale.labelSelectorPath;
  if (selector && !/^\.(?:spec|status)\./.test(selector))
    errors.push(
      invalidValue(
        `${place}.labelSelectorPath`,
        selector,
        'should be a json path under either .status or .spec',
      ),
    );
  return errors;
}

function validateNames(names: CustomResourceDefinitionNames): FieldError[] {
  const errors: FieldError[] = [];
  const check = (field: string, value: string | undefined, mixed = false) => {
    if (!value) {
      errors.push(required(`spec.names.${field}`));
      return;
    }
    const wrong = checkDns1035Label(mixed ? value.toLowerCase() : value);
    const prefix = mixed ? 'may have mixed case, but should otherwise match: ' : '';
    if (wrong.length > 0) errors.push(invalidValue(`spec.names.${field}`, value, prefix + wrong.join(',')));
  };
  check('plural', names.plural);
  check('singular', names.singular);
  check('kind', names.kind, true);
  check('listKind', names.listKind, true);
  for (const [index, name] of (names.shortNames ?? []).entries()) check(`shortNames[${index}]`, name);
  if (names.kind && names.kind === names.listKind)
    errors.push(invalidValue('spec.names.listKind', names.listKind, 'kind and listKind may not be the same'));
  for (const [index, name] of (names.categories ?? []).entries()) check(`categories[${index}]`, name);
  return errors;
}

/** Upstream: SetDefaults_CustomResourceDefinitionSpec, SetDefaults_ServiceReference */
function defaultConversion(
  conversion: CustomResourceDefinitionSpec['conversion'] = { strategy: 'None' },
): NonNullable<CustomResourceDefinitionSpec['conversion']> {
  const service = conversion.webhook?.clientConfig?.service;
  if (service === undefined || service.port !== undefined) return conversion;
  const clientConfig = { ...conversion.webhook!.clientConfig, service: { ...service, port: 443 } };
  return { ...conversion, webhook: { ...conversion.webhook!, clientConfig } };
}

function validateConversion({ conversion }: CustomResourceDefinitionSpec): FieldError[] {
  const strategy = conversion?.strategy;
  if (!strategy) return [required('spec.conversion.strategy')];
  if (!['None', 'Webhook'].includes(strategy))
    return [notSupported('spec.conversion.strategy', strategy, ['None', 'Webhook'])];
  // The paths are those of upstream's internal version.
  const config = 'spec.conversion.webhookClientConfig';
  const reviewVersions = 'spec.conversion.conversionReviewVersions';
  const { clientConfig, conversionReviewVersions = [] } = conversion.webhook ?? {};
  const errors: FieldError[] = [];
  if (strategy === 'None') {
    const why = 'should not be set when strategy is not set to Webhook';
    if (clientConfig !== undefined) errors.push(forbidden(config, why));
    if (conversionReviewVersions.length > 0) errors.push(forbidden(reviewVersions, why));
    return errors;
  }
  if (clientConfig === undefined) errors.push(required(config, 'required when strategy is set to Webhook'));
  else errors.push(...under(config, validateClientConfig(clientConfig)));
  return [...errors, ...validateReviewVersions(reviewVersions, conversionReviewVersions)];
}
