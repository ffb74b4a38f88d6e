// Upstream: pkg/apis/flowcontrol/{v1/defaults.go,validation/validation.go}
import type {
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
} from '#generated/types/flowcontrol.v1.ts';
import { forbidden, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { under } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { withDefaults, withField } from '../sharing.ts';
import { mandatoryPriorityLevels } from './bootstrap.ts';
import { validateConditions } from './conditions.ts';

export type { PriorityLevelConfiguration };

const queuesMax = 10_000_000;
/** Upstream: shufflesharding.MaxHashBits. A hand is dealt from one 64-bit hash. */
const hashBitsMax = 60;

function defaultLimited(limited: LimitedPriorityLevelConfiguration): LimitedPriorityLevelConfiguration {
  const { limitResponse } = limited;
  const counted = withDefaults(limited, { nominalConcurrencyShares: 30, lendablePercent: 0 });
  if (limitResponse?.queuing === undefined) return counted;
  const queuing = withDefaults(limitResponse.queuing, { handSize: 8, queues: 64, queueLengthLimit: 50 });
  return withField(counted, 'limitResponse', withField(limitResponse, 'queuing', queuing));
}

function defaultSpec(spec: PriorityLevelConfigurationSpec): PriorityLevelConfigurationSpec {
  if (spec.type === 'Exempt') {
    const exempt = withDefaults(spec.exempt ?? {}, { nominalConcurrencyShares: 0, lendablePercent: 0 });
    return withField(spec, 'exempt', exempt);
  }
  return spec.limited === undefined ? spec : withField(spec, 'limited', defaultLimited(spec.limited));
}

/** How many bits it takes to deal a hand of cards from a deck. */
function entropyBits(deckSize: number, handSize: number): number {
  let hands = 1n;
  for (let dealt = 0; dealt < handSize; dealt++) hands *= BigInt(deckSize - dealt);
  // The logarithm to base 2, rounded up: powers of two need one bit less than they are long.
  return (hands - 1n).toString(2).length;
}

function validateQueuing({
  queues = 0,
  handSize = 0,
  queueLengthLimit = 0,
}: QueuingConfiguration): FieldError[] {
  const errors: FieldError[] = [];
  if (queueLengthLimit <= 0)
    errors.push(invalidValue('queueLengthLimit', queueLengthLimit, 'must be positive'));
  if (queues <= 0) errors.push(invalidValue('queues', queues, 'must be positive'));
  else if (queues > queuesMax)
    errors.push(invalidValue('queues', queues, `must not be greater than ${queuesMax}`));
  const refuse = (why: string) => errors.push(invalidValue('handSize', handSize, why));
  if (handSize <= 0) refuse('must be positive');
  else if (handSize > queues) refuse(`should not be greater than queues (${queues})`);
  // A hand of more cards than bits needs too many of them, whatever the deck.
  else if (queues > 1 && (handSize > hashBitsMax || entropyBits(queues, handSize) > hashBitsMax))
    refuse(
      `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${hashBitsMax}`,
    );
  return errors;
}

function validateResponse({ type, queuing }: Partial<LimitResponse>): FieldError[] {
  if (type === 'Reject')
    return queuing ? [forbidden('queuing', 'must be nil if limited.limitResponse.type is not Limited')] : [];
  if (type !== 'Queue') return [notSupported('type', type ?? '', ['Queue', 'Reject'])];
  return queuing
    ? under('queuing', validateQueuing(queuing))
    : [required('queuing', 'must not be empty if limited.limitResponse.type is Limited')];
}

function validatePercent(lendablePercent = 0): FieldError[] {
  return lendablePercent >= 0 && lendablePercent <= 100
    ? []
    : [invalidValue('lendablePercent', lendablePercent, 'must be between 0 and 100, inclusive')];
}

function validateShares(shares = 0): FieldError[] {
  return shares < 0
    ? [invalidValue('nominalConcurrencyShares', shares, 'must be a non-negative integer')]
    : [];
}

function validateLimited(limited: LimitedPriorityLevelConfiguration): FieldError[] {
  const { nominalConcurrencyShares, limitResponse, lendablePercent, borrowingLimitPercent } = limited;
  const errors = [
    ...validateShares(nominalConcurrencyShares),
    ...under('limitResponse', validateResponse(limitResponse ?? {})),
    ...validatePercent(lendablePercent),
  ];
  if (borrowingLimitPercent !== undefined && borrowingLimitPercent < 0)
    errors.push(
      invalidValue(
        'borrowingLimitPercent',
        borrowingLimitPercent,
        'if specified, must be a non-negative integer',
      ),
    );
  return errors;
}

function validateSpec(name: string, { type, limited, exempt }: PriorityLevelConfigurationSpec): FieldError[] {
  const errors: FieldError[] = [];
  if ((name === 'exempt') !== (type === 'Exempt'))
    errors.push(invalidValue('type', type ?? '', "type must be 'Exempt' if and only if name is 'exempt'"));
  if (type === 'Exempt') {
    if (limited) errors.push(forbidden('limited', 'must be nil if the type is not Limited'));
    if (exempt)
      errors.push(
        ...under('exempt', [
          ...validateShares(exempt.nominalConcurrencyShares),
          ...validatePercent(exempt.lendablePercent),
        ]),
      );
    return errors;
  }
  if (type !== 'Limited') return [...errors, notSupported('type', type ?? '', ['Exempt', 'Limited'])];
  if (exempt) errors.push(forbidden('exempt', 'must be nil if the type is Limited'));
  return limited
    ? [...errors, ...under('limited', validateLimited(limited))]
    : [...errors, required('limited', 'must not be empty when type is Limited')];
}

/** The mandatory levels may be tuned only in what the exempt one lends and holds. */
function validateMandatory({ metadata: { name }, spec }: PriorityLevelConfiguration): FieldError[] {
  const mandatory = mandatoryPriorityLevels[name];
  if (mandatory === undefined) return [];
  const wanted = name === 'exempt' ? { ...mandatory, exempt: spec.exempt } : mandatory;
  return deepEqual(spec, wanted)
    ? []
    : [invalidValue('spec', spec, `spec of '${name}' must equal the fixed value`)];
}

function queuingOf({ spec }: PriorityLevelConfiguration): QueuingConfiguration {
  return spec.limited?.limitResponse?.queuing ?? {};
}

export const priorityLevelConfigurations: Kind<PriorityLevelConfiguration> = {
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  singular: 'prioritylevelconfiguration',
  shortNames: [],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration',
  hasStatus: true,
  defaults: (level) => withField(level, 'spec', defaultSpec(level.spec)),
  validate: (level) => [
    ...under('spec', validateSpec(level.metadata.name, level.spec)),
    ...validateMandatory(level),
    ...validateConditions(level.status?.conditions),
  ],
  validateStatusUpdate: ({ status }) => validateConditions(status?.conditions),
  columns: [
    nameColumn,
    column('Type', ({ spec }) => spec.type),
    column('NominalConcurrencyShares', ({ spec }) => spec.limited?.nominalConcurrencyShares ?? '<none>'),
    column('Queues', (level) => queuingOf(level).queues ?? '<none>'),
    column('HandSize', (level) => queuingOf(level).handSize ?? '<none>'),
    column('QueueLengthLimit', (level) => queuingOf(level).queueLengthLimit ?? '<none>'),
    ageColumn,
  ],
};
