// Upstream: apiextensions-apiserver/pkg/apiserver/schema/validation.go, pkg/apis/apiextensions/validation/validation.go
import { forbidden, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { checkTypedCel } from '#kubernetes/apimachinery/cel.ts';
import { dyn, optionalOf } from '#kubernetes/apimachinery/cel/types.ts';
import { celTypeOf } from './celTypes.ts';
import type { JsonSchema, Rule } from './jsonSchema.ts';
import { patternOf, validateBySchema } from './schemaValidation.ts';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
/** Schemas nest; a definition that nests deeper than this describes no object that anybody writes. */
const depthMax = 100;

type Level = 'root' | 'field' | 'item';

const levelWords: Record<Level, string> = {
  root: 'at the root',
  field: 'for specified object fields',
  item: 'for specified array items',
};

/** What keeps a schema from being structural: a type for everything, and constraints that only narrow it. */
export function validateStructure(schema: JsonSchema, path: string): FieldError[] {
  return [...checkNode(schema, path, 'root', { depth: 0 }), ...checkMetadata(schema, path)];
}

/** Where a schema stands: how deep, and below which list whose elements have no former selves. */
interface Place {
  readonly depth: number;
  readonly uncorrelatable?: string;
}

function checkNode(schema: JsonSchema, path: string, level: Level, place: Place): FieldError[] {
  const { depth } = place;
  if (depth > depthMax) return [forbidden(path, 'must not be nested so deeply')];
  return [
    ...checkType(schema, path, level),
    ...checkForbidden(schema, path),
    ...checkLists(schema, path),
    ...checkRules(schema, path, place),
    ...checkPattern(schema, path),
    ...checkDefault(schema, path),
    ...checkChildren(schema, path, place),
    ...checkCombined(schema, path),
  ];
}

function checkType(schema: JsonSchema, path: string, level: Level): FieldError[] {
  const { type = '' } = schema;
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  const keepsUnknown = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (level === 'root' && type !== '' && type !== 'object')
    return [invalidValue(`${path}.type`, type, 'must be object at the root')];
  if (intOrString) {
    return type === ''
      ? []
      : [forbidden(`${path}.type`, 'must be empty if x-kubernetes-int-or-string is true')];
  }
  if (type === '') {
    if (keepsUnknown && level !== 'root') return [];
    return [required(`${path}.type`, `must not be empty ${levelWords[level]}`)];
  }
  if (!types.includes(type)) return [notSupported(`${path}.type`, type, types)];
  if (type === 'array' && schema.items === undefined) return [required(`${path}.items`, 'must be specified')];
  return [];
}

function checkForbidden(schema: JsonSchema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const never = [
    'definitions',
    'dependencies',
    '$ref',
    'id',
    'patternProperties',
    'additionalItems',
  ] as const;
  for (const name of never) {
    if (schema[name] !== undefined) errors.push(forbidden(`${path}.${name}`, `${name} is not supported`));
  }
  if (schema.uniqueItems)
    errors.push(
      forbidden(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    );
  const hasBoth = schema.properties !== undefined && Object.keys(schema.properties).length > 0;
  if (hasBoth && schema.additionalProperties !== undefined)
    errors.push(
      forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'),
    );
  if (schema.additionalProperties === false)
    errors.push(forbidden(`${path}.additionalProperties`, 'additionalProperties cannot be set to false'));
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    errors.push(
      invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'),
    );
  return errors;
}

function checkLists(schema: JsonSchema, path: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'];
  const errors: FieldError[] = [];
  if (listType === undefined) {
    if (keys !== undefined)
      errors.push(
        required(`${path}.x-kubernetes-list-type`, 'must be map if x-kubernetes-list-map-keys is non-empty'),
      );
    return errors;
  }
  if (!['atomic', 'set', 'map'].includes(listType))
    return [notSupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'map', 'set'])];
  if (schema.type !== 'array')
    errors.push(
      invalidValue(`${path}.type`, schema.type ?? '', 'must be array if x-kubernetes-list-type is specified'),
    );
  if (listType !== 'map') return errors;
  if (keys === undefined || keys.length === 0)
    errors.push(
      required(`${path}.x-kubernetes-list-map-keys`, 'must not be empty if x-kubernetes-list-type is map'),
    );
  for (const key of keys ?? []) {
    const own = schema.items?.properties?.[key];
    if (own === undefined) {
      const why = 'entries must all be names of item properties';
      errors.push(invalidValue(`${path}.x-kubernetes-list-map-keys`, key, why));
    } else if (own.default === undefined && !schema.items?.required?.includes(key)) {
      errors.push(
        required(
          `${path}.items.properties[${key}].default`,
          'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
        ),
      );
    }
  }
  return errors;
}

/** The rule as upstream's own type of it prints. */
function shownRule({ rule, message, messageExpression, reason, fieldPath, optionalOldSelf }: Rule): object {
  return {
    Rule: rule,
    Message: message ?? '',
    MessageExpression: messageExpression ?? '',
    Reason: reason ?? null,
    FieldPath: fieldPath ?? '',
    OptionalOldSelf: optionalOldSelf ?? null,
  };
}

function checkRules(schema: JsonSchema, path: string, { depth, uncorrelatable }: Place): FieldError[] {
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length === 0) return [];
  const isResource = depth === 0 || schema['x-kubernetes-embedded-resource'] === true;
  // Upstream makes the name anew each time.
  const self = celTypeOf(schema, 'selfType1', isResource) ?? dyn;
  return rules.flatMap((rule, index) => {
    const at = `${path}.x-kubernetes-validations[${index}]`;
    if (rule.rule.trim() === '') return [required(`${at}.rule`, 'rule is not specified')];
    const oldSelf = rule.optionalOldSelf ? optionalOf(self) : self;
    const variables = new Map([
      ['self', self],
      ['oldSelf', oldSelf],
    ]);
    const errors: FieldError[] = [];
    const found = checkTypedCel(rule.rule, variables);
    if ('issues' in found)
      errors.push(invalidValue(`${at}.rule`, shownRule(rule), `compilation failed: ${found.issues}`));
    else if (found.type !== 'bool' && found.type !== 'dyn')
      errors.push(invalidValue(`${at}.rule`, shownRule(rule), 'cel expression must evaluate to a bool'));
    else if (rule.messageExpression) errors.push(...checkMessage(rule, at, variables));
    if (uncorrelatable !== undefined && /\boldSelf\b/.test(rule.rule)) {
      const why = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`;
      errors.push(invalidValue(`${at}.rule`, rule.rule, why));
    }
    return errors;
  });
}

function checkMessage(rule: Rule, at: string, variables: Parameters<typeof checkTypedCel>[1]): FieldError[] {
  const found = checkTypedCel(rule.messageExpression!, variables);
  const why =
    'issues' in found
      ? `messageExpression compilation failed: ${found.issues}`
      : found.type !== 'string' && found.type !== 'dyn'
        ? 'messageExpression must evaluate to a string'
        : null;
  return why === null ? [] : [invalidValue(`${at}.messageExpression`, shownRule(rule), why)];
}

function checkPattern({ pattern }: JsonSchema, path: string): FieldError[] {
  const why = pattern === undefined ? null : patternProblem(pattern);
  if (why === null) return [];
  return [invalidValue(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${why}`)];
}

function patternProblem(pattern: string): string | null {
  try {
    patternOf(pattern);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function checkDefault(schema: JsonSchema, path: string): FieldError[] {
  if (schema.default === undefined) return [];
  return validateBySchema(schema.default, schema, `${path}.default`);
}

function checkChildren(schema: JsonSchema, path: string, place: Place): FieldError[] {
  const { properties = {}, items, additionalProperties } = schema;
  const below = { ...place, depth: place.depth + 1 };
  const errors = Object.entries(properties).flatMap(([name, own]) =>
    // The root's metadata is every object's; its schema may only narrow names.
    place.depth === 0 && name === 'metadata'
      ? []
      : checkNode(own, `${path}.properties[${name}]`, 'field', below),
  );
  if (items !== undefined) {
    const isMap = schema['x-kubernetes-list-type'] === 'map';
    const inside = isMap ? below : { ...below, uncorrelatable: place.uncorrelatable ?? path };
    errors.push(...checkNode(items, `${path}.items`, 'item', inside));
  }
  if (typeof additionalProperties === 'object')
    errors.push(...checkNode(additionalProperties, `${path}.additionalProperties`, 'field', below));
  return errors;
}

/** Inside of allOf, anyOf, oneOf and not a schema may neither describe nor give types. */
function checkCombined(schema: JsonSchema, path: string): FieldError[] {
  if (schema['x-kubernetes-int-or-string']) return [];
  const lists = (['allOf', 'anyOf', 'oneOf'] as const).flatMap((name) =>
    (schema[name] ?? []).map((own, index) => [own, `${path}.${name}[${index}]`] as const),
  );
  const all = schema.not === undefined ? lists : [...lists, [schema.not, `${path}.not`] as const];
  return all.flatMap(([own, at]) =>
    (['type', 'description', 'default', 'additionalProperties', 'nullable'] as const)
      .filter((name) => own[name] !== undefined)
      .map((name) => forbidden(`${at}.${name}`, 'must be empty to be structural')),
  );
}

function checkMetadata(schema: JsonSchema, path: string): FieldError[] {
  const metadata = schema.properties?.['metadata'];
  if (metadata === undefined) return [];
  const errors: FieldError[] = [];
  const at = `${path}.properties[metadata]`;
  if (metadata.type !== 'object')
    errors.push(invalidValue(`${at}.type`, metadata.type ?? '', 'must be object'));
  const others = Object.keys(metadata.properties ?? {}).filter(
    (name) => !['name', 'generateName'].includes(name),
  );
  if (others.length > 0)
    errors.push(
      forbidden(
        at,
        'must not specify anything other than name and generateName, but metadata is implicitly specified',
      ),
    );
  return errors;
}
