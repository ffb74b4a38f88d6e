// Upstream: apiserver/pkg/apis/cel/config.go, apiserver/pkg/cel/limits.go

/** Nodes of the expression that one evaluation may visit in its loops. Upstream: PerCallLimit, in units of its own. */
const costMax = 250_000;

/** Thrown out of an evaluation that has taken too many steps. */
export class CostExceeded extends Error {
  override name = 'CostExceeded';
  constructor() {
    super('operation cancelled: actual cost limit exceeded');
  }
}

// An evaluation never waits, so there is one at a time.
let spent = 0;

/** Begins to count for one evaluation. */
export function startCounting(): void {
  spent = 0;
}

export function spend(cost: number): void {
  spent += cost;
  if (spent > costMax) throw new CostExceeded();
}

/** The part of cel-js's syntax tree that is walked here. */
interface SyntaxNode {
  readonly op: string;
  readonly args: unknown;
  readonly meta: { readonly alternate?: unknown; readonly macro?: object };
}

/** The arguments of a comprehension: `condition` is asked before each of its elements. */
interface Comprehension {
  condition?: (accumulated: unknown) => unknown;
  readonly step: unknown;
}

function isNode(value: object): value is SyntaxNode {
  return 'op' in value && 'meta' in value;
}

/** Makes every comprehension of an expression count its elements. Returns how many nodes the tree has. */
export function meter(tree: unknown, seen = new Set<object>()): number {
  if (typeof tree !== 'object' || tree === null || seen.has(tree)) return 0;
  seen.add(tree);
  if (!isNode(tree)) {
    const isPlain = Array.isArray(tree) || Object.getPrototypeOf(tree) === Object.prototype;
    return isPlain
      ? Object.values(tree).reduce((sum: number, part: unknown) => sum + meter(part, seen), 0)
      : 0;
  }
  let size = 1 + meter(tree.meta.alternate, seen) + meter(tree.meta.macro, seen) + meter(tree.args, seen);
  if (tree.op === 'comprehension') {
    const comprehension = tree.args as Comprehension;
    const { condition } = comprehension;
    const cost = size;
    comprehension.condition = (accumulated) => {
      spend(cost);
      return condition === undefined || condition(accumulated);
    };
    size += cost;
  }
  return size;
}
