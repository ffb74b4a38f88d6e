// Upstream: apimachinery/pkg/fields/selector.go
import { badRequest } from './statusError.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** All of its requirements must hold; none selects everything. In the order of their text. */
export type FieldSelector = readonly FieldRequirement[];

/**
 * Reads `metadata.name=web,status.phase!=Running`; a backslash escapes `,`, `=` and itself in values.
 * Throws a BadRequest with upstream's sentence.
 */
export function parseFieldSelector(text: string): FieldSelector {
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text).sort()) {
    if (term === '') continue;
    const match = /!=|==|=/.exec(term);
    if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [operator] = match;
    requirements.push({
      field: term.slice(0, match.index),
      operator: operator === '!=' ? '!=' : '=',
      value: unescapeValue(term.slice(match.index + operator.length)),
    });
  }
  return requirements;
}

function splitTerms(text: string): string[] {
  return text.match(/(?:\\.|\\$|[^,\\])+/gsu) ?? [];
}

/** A value as it may stand in a selector. */
export function escapeFieldValue(value: string): string {
  return value.replaceAll(/[\\,=]/g, '\\$&');
}

function unescapeValue(escaped: string): string {
  return escaped.replaceAll(/\\(.?)|[,=]/gsu, (found, char: string | undefined) => {
    if (char === undefined) {
      const code = found.codePointAt(0);
      throw badRequest(`invalid field selector: unescaped character in value: ${code}`);
    }
    if (/^[\\,=]$/.test(char)) return char;
    throw badRequest(`invalid field selector: invalid escape sequence: ${found}`);
  });
}

/** The form that `parseFieldSelector` reads. */
export function formatFieldSelector(selector: FieldSelector): string {
  return selector
    .map(({ field, operator, value }) => `${field}${operator}${escapeFieldValue(value)}`)
    .join(',');
}

/** Whether all requirements hold; `read` answers a field's value, `''` where it is unset. */
export function matchesFields(selector: FieldSelector, read: (field: string) => string): boolean {
  return selector.every(({ field, operator, value }) => (read(field) === value) === (operator === '='));
}

/** The one value that `field` must have, undefined where several would do: lets a caller use an index. */
export function exactFieldValue(selector: FieldSelector, field: string): string | undefined {
  return selector.find((entry) => entry.field === field && entry.operator === '=')?.value;
}
