// Upstream: kubectl/pkg/cmd/util/helpers.go GetDryRunStrategy, cli-runtime/pkg/printers/name.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import { CommandError } from './errors.ts';
import { text, type Flag } from './flags.ts';
import type { Invocation } from './invocation.ts';
import { nameOf, printerOf } from './output/printer.ts';

export type DryRun = 'none' | 'client' | 'server';

export const dryRunFlag: Flag = text(
  'dry-run',
  'Must be "none", "server", or "client". If client strategy, only print the object that would be sent, without sending it. If server strategy, submit server-side request without persisting the resource.',
  { initial: 'none', alone: 'unchanged', values: ['none', 'client', 'server'] },
);

export const validateFlag: Flag = text(
  'validate',
  'Must be one of: strict (or true), warn, ignore (or false). "true" or "strict" will use a schema to validate the input and fail the request if invalid.',
  { initial: 'strict', alone: 'strict', values: ['strict', 'warn', 'ignore'] },
);

export function fieldManagerFlag(initial: string): Flag {
  return text('field-manager', 'Name of the manager used to track field ownership.', { initial });
}

/** What `--dry-run` says; its deprecated forms are told of on stderr. */
export async function dryRunOf(invocation: Invocation): Promise<DryRun> {
  const value = invocation.flags.text('dry-run') || 'none';
  if (value === 'none' || value === 'client' || value === 'server') return value;
  if (value === 'unchanged') {
    await invocation.err('W: --dry-run is deprecated and can be replaced with --dry-run=client.\n');
    return 'client';
  }
  if (/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value)) {
    const strategy = /^(1|t)/i.test(value) ? 'client' : 'none';
    await invocation.err(
      `W: --dry-run=${value} is deprecated (boolean value) and can be replaced with --dry-run=${strategy}.\n`,
    );
    return strategy;
  }
  throw new CommandError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
}

/** The `fieldValidation` parameter that `--validate` asks for. */
export function fieldValidationOf({ flags }: Invocation): string {
  const value = flags.text('validate');
  if (['strict', 'true', ''].includes(value)) return 'Strict';
  if (value === 'warn') return 'Warn';
  if (['ignore', 'false'].includes(value)) return 'Ignore';
  throw new CommandError(
    `invalid argument ${JSON.stringify(value)} for "--validate" flag: must be one of: strict (or true), warn, ignore (or false)`,
  );
}

/** `?dryRun=All` for a server-side dry run. */
export function dryRunQuery(dryRun: DryRun): { dryRun?: string } {
  return dryRun === 'server' ? { dryRun: 'All' } : {};
}

/** Prints what was done to an object: `deployment.apps/web created (dry run)`, or the object with `-o`. */
export type ResultPrinter = (object: KubeObject, operation: string) => Promise<void>;

/** `sorted` is false for objects that kubectl itself composed, whose JSON keeps its order. */
export function resultPrinter(
  invocation: Invocation,
  dryRun: DryRun,
  options: { readonly sorted?: boolean } = {},
): ResultPrinter {
  const print = printerOf(invocation, options);
  const suffix = { none: '', client: ' (dry run)', server: ' (server dry run)' }[dryRun];
  return (object, operation) =>
    invocation.out(print ? print(object) : `${nameOf(object)} ${operation}${suffix}\n`);
}
