/** A jq filter's tree. */
export type JqNode =
  | { readonly type: 'identity' | 'recurse' }
  | { readonly type: 'literal'; readonly value: JqValue }
  | { readonly type: 'text'; readonly format: string | null; readonly parts: readonly (string | JqNode)[] }
  | { readonly type: 'format'; readonly name: string }
  | { readonly type: 'index'; readonly target: JqNode; readonly key: JqNode }
  | {
      readonly type: 'slice';
      readonly target: JqNode;
      readonly from: JqNode | null;
      readonly to: JqNode | null;
    }
  | { readonly type: 'iterate'; readonly target: JqNode }
  | { readonly type: 'array'; readonly body: JqNode | null }
  | { readonly type: 'object'; readonly entries: readonly (readonly [JqNode, JqNode])[] }
  | { readonly type: 'negate'; readonly body: JqNode }
  | {
      readonly type: 'pipe' | 'comma' | 'alternative' | 'and' | 'or';
      readonly left: JqNode;
      readonly right: JqNode;
    }
  | { readonly type: 'binary'; readonly operator: string; readonly left: JqNode; readonly right: JqNode }
  | { readonly type: 'update'; readonly operator: string; readonly left: JqNode; readonly right: JqNode }
  | {
      readonly type: 'if';
      readonly condition: JqNode;
      readonly consequent: JqNode;
      readonly otherwise: JqNode | null;
    }
  | { readonly type: 'try'; readonly body: JqNode; readonly handler: JqNode | null }
  | {
      readonly type: 'reduce' | 'foreach';
      readonly source: JqNode;
      readonly pattern: JqPattern;
      readonly start: JqNode;
      readonly update: JqNode;
      readonly extract: JqNode | null;
    }
  | { readonly type: 'as'; readonly source: JqNode; readonly pattern: JqPattern; readonly body: JqNode }
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly JqNode[] }
  | { readonly type: 'define'; readonly definition: JqDefinition; readonly body: JqNode };

export type JqPattern =
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'items'; readonly items: readonly JqPattern[] }
  | { readonly type: 'fields'; readonly fields: readonly (readonly [JqNode, JqPattern])[] };

export interface JqDefinition {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: JqNode;
}

export type JqValue =
  | null
  | boolean
  | number
  | string
  | readonly JqValue[]
  | { readonly [key: string]: JqValue };

/** Operators from the loosest to the tightest. */
export const levels: readonly (readonly string[])[] = [
  ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='],
  ['//'],
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', '%'],
];

/** The tree of a binary operator. */
export function combine(operator: string, left: JqNode, right: JqNode): JqNode {
  if (operator === '//') return { type: 'alternative', left, right };
  if (operator === 'and' || operator === 'or') return { type: operator, left, right };
  if (levels[0]!.includes(operator)) return { type: 'update', operator, left, right };
  return { type: 'binary', operator, left, right };
}

export function literal(value: JqValue): JqNode {
  return { type: 'literal', value };
}
