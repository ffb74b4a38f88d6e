// Upstream: apiserver/pkg/storage/{etcd3/store,cacher/delegator,util}.go GetList
import type { KubeObject } from '#kubernetes/api/object.ts';
import { badRequest, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { Compacted, prefixEnd } from '#kubernetes/etcd/etcd.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import type { Call, ServerContext } from '../context.ts';
import { readSelection, type Selection } from '../selection.ts';
import { storagePrefix } from '../storage.ts';
import { decodeContinue, encodeContinue } from './continueToken.ts';
import {
  type ListOptions,
  parseResourceVersion,
  readListOptions,
  tooLargeResourceVersion,
} from './listOptions.ts';
import { presentList, shown } from './presentation.ts';

/** A page that can no longer be continued as it began; the token goes on with what there is now. */
class InconsistentContinue extends StatusError {
  readonly #token: string;

  constructor(token: string) {
    super(
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    );
    this.#token = token;
  }

  override toStatus(): Status {
    return { ...super.toStatus(), metadata: { continue: this.#token } };
  }
}

/** Where a list begins, and at which revision: the present one when undefined. */
interface Start {
  readonly start: string;
  readonly revision: number | undefined;
}

/** GET of a collection, a page of it when it has a limit. */
export function list(call: Call, context: ServerContext): unknown {
  const { stored, info, request } = call;
  const options = readListOptions(request, false);
  const selection = readSelection(call);
  const { etcd } = context.storage;
  const from = startOf(options, etcd.revision);
  const prefix = storagePrefix(stored, info.namespace);
  // Upstream: the watch cache answers at "0", and it knows no limit.
  const limit = options.resourceVersion === '0' && options.continueToken === '' ? 0 : options.limit;
  const only = nameRange(call, selection, prefix);
  try {
    const range = etcd.range({
      from: only?.from ?? prefix + from.start,
      end: only?.end ?? prefixEnd(prefix),
      ...(limit > 0 && selection.isEverything && { limit }),
      ...(from.revision !== undefined && { revision: from.revision }),
    });
    const revision = from.revision ?? range.revision;
    const items: KubeObject[] = [];
    let seen = 0;
    let lastKey = '';
    for (const { key, value } of range.kvs) {
      if (limit > 0 && items.length === limit) break;
      seen++;
      lastKey = key;
      if (selection.isEverything || selection.matches(value!)) items.push(value!);
    }
    const remaining = range.count - seen;
    const metadata = {
      resourceVersion: String(revision),
      ...(remaining > 0 && {
        continue: encodeContinue({ start: `${lastKey.slice(prefix.length)}\u0000`, revision }),
      }),
      ...(remaining > 0 && selection.isEverything && { remainingItemCount: remaining }),
    };
    return presentList(
      items.map((object) => shown(object, call, context, true)),
      metadata,
      call,
      context,
    );
  } catch (error) {
    if (!(error instanceof Compacted)) throw error;
    if (options.continueToken === '')
      throw new StatusError('Expired', 'The resourceVersion for the provided list is too old.');
    throw new InconsistentContinue(encodeContinue({ start: from.start, revision: -1 }));
  }
}

/** Throws BadRequest for what cannot be read, Timeout for a revision that is still to come. */
function startOf(options: ListOptions, current: number): Start {
  const { continueToken, resourceVersion, resourceVersionMatch } = options;
  if (continueToken !== '') {
    const { start, revision } = decodeContinue(continueToken);
    if (resourceVersion !== '' && resourceVersion !== '0')
      throw badRequest('specifying resource version is not allowed when using continue');
    if (revision > current) throw tooLargeResourceVersion(String(revision), current);
    return { start, revision: revision > 0 ? revision : undefined };
  }
  const asked = parseResourceVersion(resourceVersion);
  if (asked > current) throw tooLargeResourceVersion(resourceVersion, current);
  const isExact =
    asked > 0 && (resourceVersionMatch === 'Exact' || (resourceVersionMatch === '' && options.limit > 0));
  return { start: '', revision: isExact ? asked : undefined };
}

/** The one key that a selection by name leaves, so that it costs no walk over all. */
function nameRange(
  { stored, info }: Call,
  { name }: Selection,
  prefix: string,
): { from: string; end: string } | undefined {
  if (name === undefined || name === '' || (stored.namespaced && info.namespace === '')) return undefined;
  return { from: prefix + name, end: `${prefix}${name}\u0000` };
}
