// Upstream: apiextensions-apiserver/pkg/apiserver/schema/validation.go, pkg/apis/apiextensions/validation/validation.go
import { forbidden, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { compileRule } from './celRules.ts';
import type { JsonSchema } from './jsonSchema.ts';
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
  return [...checkNode(schema, path, 'root', 0), ...checkMetadata(schema, path)];
}

function checkNode(schema: JsonSchema, path: string, level: Level, depth: number): FieldError[] {
  if (depth > depthMax) return [forbidden(path, 'must not be nested so deeply')];
  return [
    ...checkType(schema, path, level),
    ...checkForbidden(schema, path),
    ...checkLists(schema, path),
    ...checkRules(schema, path),
    ...checkPattern(schema, path),
    ...checkDefault(schema, path),
    ...checkChildren(schema, path, depth),
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

function checkRules(schema: JsonSchema, path: string): FieldError[] {
  return (schema['x-kubernetes-validations'] ?? []).flatMap((rule, index) => {
    const at = `${path}.x-kubernetes-validations[${index}]`;
    if (rule.rule.trim() === '') return [required(`${at}.rule`, 'rule is not specified')];
    try {
      compileRule(rule);
      return [];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return [invalidValue(`${at}.rule`, rule, `compilation failed: ${why}`)];
    }
  });
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

function checkChildren(schema: JsonSchema, path: string, depth: number): FieldError[] {
  const { properties = {}, items, additionalProperties } = schema;
  const errors = Object.entries(properties).flatMap(([name, own]) =>
    // The root's metadata is every object's; its schema may only narrow names.
    depth === 0 && name === 'metadata'
      ? []
      : checkNode(own, `${path}.properties[${name}]`, 'field', depth + 1),
  );
  if (items !== undefined) errors.push(...checkNode(items, `${path}.items`, 'item', depth + 1));
  if (typeof additionalProperties === 'object')
    errors.push(...checkNode(additionalProperties, `${path}.additionalProperties`, 'field', depth + 1));
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
