// Upstream: kubectl/pkg/cmd/create/create.go CreateSubcommandOptions
import type { KubeObject } from '#kubernetes/api/object.ts';
import { pathOf } from '#kubernetes/api/kind.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Command } from '../../command.ts';
import { CommandError, usageError } from '../../errors.ts';
import { bool, type Flag } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';
import { withLastApplied } from '../../lastApplied.ts';
import { hashedName } from './nameHash.ts';
import { printFlags } from '../../output/printer.ts';
import {
  dryRunFlag,
  dryRunOf,
  dryRunQuery,
  fieldManagerFlag,
  fieldValidationOf,
  resultPrinter,
  validateFlag,
} from '../../writing.ts';

/** What tells one `create KIND` from another. */
export interface Generator {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly usage: string;
  readonly example: readonly [string, string];
  readonly resource: {
    readonly group: string;
    readonly version: string;
    readonly plural: string;
    readonly namespaced: boolean;
  };
  readonly flags: readonly Flag[];
  /** How a failure begins: `failed to create deployment: `; `''` where it is passed on as it is. */
  readonly failure: string;
  /** Composes the object, its fields in Go's order. `words` is what follows the name. */
  compose(invocation: Invocation, name: string, words: readonly string[]): Promise<Composed> | Composed;
}

export type Composed = Omit<KubeObject, 'metadata'> & { readonly metadata: object };

/** Metadata of an object that Go composed: a time that is not set is printed as null. */
export function newMetadata(name: string, labels?: Readonly<Record<string, string>>): object {
  return { name, creationTimestamp: null, ...(labels && { labels }) };
}

/** The flags that every `create KIND` shares. */
export const generatorFlags: readonly Flag[] = [
  ...printFlags,
  dryRunFlag,
  validateFlag,
  fieldManagerFlag('kubectl-create'),
  bool('save-config', 'If true, the configuration of current object will be saved in its annotation.'),
];

/** A subcommand from its generator: it names, composes, sends or prints. */
export function subcommandOf(generator: Generator): Command {
  return {
    name: generator.name,
    ...(generator.aliases && { aliases: generator.aliases }),
    summary: generator.summary,
    usage: `create ${generator.usage}`,
    examples: [generator.example],
    flags: [...generator.flags, ...generatorFlags],
    run: (invocation) => runGenerator(invocation, generator),
  };
}

async function runGenerator(invocation: Invocation, generator: Generator): Promise<void> {
  const { args, flags, dashAt } = invocation;
  const names = dashAt < 0 ? args : args.slice(0, dashAt);
  if (names.length !== 1) {
    throw usageError(invocation.path, `exactly one NAME is required, got ${names.length}`);
  }
  const dryRun = await dryRunOf(invocation);
  const composed = await generator.compose(invocation, args[0]!, args.slice(1));
  const { resource } = generator;
  const namespaced = resource.namespaced && invocation.namespaceIsExplicit;
  const { name: plain, ...metadata } = composed.metadata as { name: string };
  const name =
    flags.typeOf('append-hash') === 'bool' && flags.bool('append-hash')
      ? hashedName(composed as never)
      : plain;
  const placed = {
    ...composed,
    metadata: { name, ...(namespaced && { namespace: invocation.namespace }), ...metadata },
  };
  const object = placed as unknown as KubeObject;
  const wanted = flags.bool('save-config') ? withLastApplied(object) : object;
  const print = resultPrinter(invocation, dryRun, { sorted: false });
  if (dryRun === 'client') return await print(wanted, 'created');
  try {
    const { body } = await invocation.client.send({
      method: 'POST',
      path: pathOf(resource, resource.namespaced ? invocation.namespace : ''),
      query: {
        ...dryRunQuery(dryRun),
        fieldManager: flags.text('field-manager'),
        fieldValidation: fieldValidationOf(invocation),
      },
      contentType: 'application/json',
      body: wanted,
    });
    await print(body as KubeObject, 'created');
  } catch (error) {
    if (generator.failure === '' || !(error instanceof StatusError)) throw error;
    throw new CommandError(generator.failure + error.message);
  }
}
