// Upstream: kubectl/pkg/cmd/get/customcolumn.go RelaxedJSONPathExpression
import { CommandError } from '../errors.ts';

/** A JSONPath that may lack its braces or leading dot: `metadata.name`, `.metadata.name`, `{.metadata.name}`. */
export function relaxedPath(expression: string): string {
  if (expression === '') return expression;
  const match = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(expression);
  if (match) return `{.${match[1] ?? match[2]}}`;
  throw new CommandError(
    "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
  );
}
