// Upstream: apiserver/pkg/util/flowcontrol/apf_controller.go, apiserver/pkg/server/filters/priority-and-fairness.go
import type {
  FlowSchema,
  FlowSchemaSpec,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
} from '#generated/types/flowcontrol.v1.ts';
import {
  bootstrapFlowSchemas,
  bootstrapPriorityLevels,
  mandatoryFlowSchemas,
  mandatoryPriorityLevels,
} from '#kubernetes/api/flowcontrol/bootstrap.ts';
import type { UserInfo } from '#kubernetes/api/request.ts';
import { flowSchemas } from '#kubernetes/api/flowcontrol/flowSchema.ts';
import { priorityLevelConfigurations } from '#kubernetes/api/flowcontrol/priorityLevelConfiguration.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { ServerContext } from '../context.ts';
import { FairQueues } from './fairQueues.ts';
import { matchesSchema, type RequestDigest } from './flowSchemaMatch.ts';

/** Upstream: --max-requests-inflight and --max-mutating-requests-inflight together. */
const seatsInAll = 400 + 200;
/** How old the configuration may be that is in force, as it is in upstream's informers. */
const configurationAgeMaxMs = 1000;
/** Upstream: a quarter of --request-timeout. */
const waitMaxMs = 15_000;
const retryAfterSeconds = 1;

/** Requests of one user that are remembered. */
const foundMax = 32;

type Asked = Pick<RequestDigest, 'verb' | 'group' | 'resource' | 'namespace'>;

/** The flow schema of a request, and its place among all; -1 for the last resort. */
interface Found {
  readonly at: number;
  readonly schema: FlowSchemaSpec;
}

interface Level {
  /** What it was made from: another spec makes it anew. */
  readonly spec: PriorityLevelConfigurationSpec;
  readonly seats: number;
  /** Null where nothing ever waits. */
  readonly queues: FairQueues | null;
}

/**
 * Decides how long a request waits because its client has sent so many. Levels keep clients of different weight apart,
 * and within a level each flow has its share. Lending seats between levels is left out: each has its nominal ones.
 */
export class PriorityAndFairness {
  #readAtMs = -Infinity;
  #schemas: readonly FlowSchemaSpec[] = [];
  #levels = new Map<string, Level>();
  /** What was found since the schemas were read, by user. */
  #found = new WeakMap<UserInfo, (Found & Asked)[]>();

  /** Milliseconds that the request waits before it runs for `costMs`. Throws TooManyRequests. */
  take(digest: RequestDigest, costMs: number, context: ServerContext): number {
    const { nowMs } = context.simulation;
    if (nowMs - this.#readAtMs > configurationAgeMaxMs) this.#configure(context);
    const { at, schema } = digest.resource === '' ? this.#find(digest) : this.#remembered(digest);
    const level = this.#levels.get(schema.priorityLevelConfiguration.name) ?? this.#levels.get('catch-all')!;
    if (level.queues === null) return 0;
    const waitMs = level.queues.take(`${at}/${distinguisher(schema, digest)}`, costMs, nowMs);
    if (waitMs !== null && waitMs <= waitMaxMs) return waitMs;
    throw new StatusError('TooManyRequests', 'Too many requests, please try again later.', {
      retryAfterSeconds,
    });
  }

  /** What `#find` says of requests for the same by the same user. */
  #remembered(digest: RequestDigest): Found {
    const { user, verb, group, resource, namespace } = digest;
    let entries = this.#found.get(user);
    if (entries === undefined) {
      entries = [];
      this.#found.set(user, entries);
    }
    for (const entry of entries)
      if (
        entry.verb === verb &&
        entry.resource === resource &&
        entry.namespace === namespace &&
        entry.group === group
      )
        return entry;
    const entry = { verb, group, resource, namespace, ...this.#find(digest) };
    if (entries.length >= foundMax) entries.length = 0;
    entries.push(entry);
    return entry;
  }

  #find(digest: RequestDigest): Found {
    const at = this.#schemas.findIndex((spec) => matchesSchema(spec, digest));
    return { at, schema: this.#schemas[at] ?? mandatoryFlowSchemas['catch-all']! };
  }

  #configure({ storage, simulation }: ServerContext): void {
    this.#readAtMs = simulation.nowMs;
    const schemas = storage.list(flowSchemas, '').items as FlowSchema[];
    const levels = storage.list(priorityLevelConfigurations, '').items as PriorityLevelConfiguration[];
    const specs = new Map(
      schemas.length > 0
        ? [...Object.entries(mandatoryFlowSchemas), ...specsOf(schemas)]
        : Object.entries(bootstrapFlowSchemas),
    );
    const byPrecedence = [...specs].sort(
      ([a, one], [b, other]) =>
        (one.matchingPrecedence ?? 1000) - (other.matchingPrecedence ?? 1000) || (a < b ? -1 : 1),
    );
    this.#schemas = byPrecedence.map(([, spec]) => spec);
    this.#found = new WeakMap();
    this.#setLevels(
      new Map(
        levels.length > 0
          ? [...Object.entries(mandatoryPriorityLevels), ...specsOf(levels)]
          : Object.entries(bootstrapPriorityLevels),
      ),
    );
  }

  /** Gives each level its part of all seats. One that stays as it was keeps the work that it has in hand. */
  #setLevels(specs: ReadonlyMap<string, PriorityLevelConfigurationSpec>): void {
    const shares = [...specs.values()].reduce((sum, spec) => sum + sharesOf(spec), 0);
    const levels = new Map<string, Level>();
    for (const [name, spec] of specs) {
      const seats = Math.max(1, Math.ceil((seatsInAll * sharesOf(spec)) / Math.max(1, shares)));
      const before = this.#levels.get(name);
      levels.set(name, before?.spec === spec && before.seats === seats ? before : newLevel(spec, seats));
    }
    this.#levels = levels;
  }
}

function specsOf<T>(objects: readonly { readonly metadata: { readonly name: string }; readonly spec: T }[]) {
  return objects.map(({ metadata, spec }) => [metadata.name, spec] as const);
}

function sharesOf({ exempt, limited }: PriorityLevelConfigurationSpec): number {
  return exempt?.nominalConcurrencyShares ?? limited?.nominalConcurrencyShares ?? (limited ? 30 : 0);
}

function newLevel(spec: PriorityLevelConfigurationSpec, seats: number): Level {
  if (spec.type === 'Exempt') return { spec, seats, queues: null };
  const response = spec.limited?.limitResponse;
  const { handSize = 8, queueLengthLimit = 50 } = response?.queuing ?? {};
  const queuing = response?.type === 'Queue' ? { waitingMax: handSize * queueLengthLimit } : null;
  return { spec, seats, queues: new FairQueues(seats, queuing) };
}

function distinguisher({ distinguisherMethod }: FlowSchemaSpec, { user, namespace }: RequestDigest): string {
  if (distinguisherMethod?.type === 'ByUser') return user.name;
  return distinguisherMethod?.type === 'ByNamespace' ? namespace : '';
}
