// Upstream: pkg/registry/core/serviceaccount/storage/token.go, pkg/apis/authentication/validation/validation.go
import type { TokenRequest, TokenRequestSpec } from '#generated/types/authentication.v1.ts';
import type { Node, Pod, Secret, ServiceAccount } from '#generated/types/core.v1.ts';
import { tokenRequests } from '#kubernetes/api/authorization/reviews.ts';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { badRequest, conflict, invalid, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { apiAudience, type TokenOrder } from '../access/serviceAccountTokens.ts';
import type { Call, ServerContext } from '../context.ts';
import { decodeBody } from '../decode.ts';
import { noSuchPath } from '../requestInfo.ts';
import type { Subresource } from './subresource.ts';

const secondsMin = 600;
const secondsMax = 2 ** 32;
const secondsDefault = 3_600;
/** What a pod's own token asks for; such a token lives a year, for clients that never read it again. */
const injectedSeconds = 3_607;
const extendedSeconds = 365 * 24 * 3_600;

/** POST serviceaccounts/NAME/token: a token that ends with its time, or with what it is bound to. */
export const tokenRequest: Subresource = {
  serves: ({ info }) => info.resource === 'serviceaccounts' && info.subresource === 'token',
  serve(call, context) {
    const { request, info, stored } = call;
    const tokens = context.access?.tokens;
    if (request.method !== 'POST' || tokens === undefined) throw noSuchPath();
    const asked = decodeBody({ ...call, kind: tokenRequests, stored: tokenRequests }) as TokenRequest;
    checkName(asked, info.name);
    const account = context.storage.read(stored, info.namespace, info.name) as ServiceAccount;
    checkUid(asked, account);
    const spec = validated(asked);
    const admission = {
      operation: 'CREATE',
      kind: stored,
      namespace: info.namespace,
      name: info.name,
      subresource: 'token',
      old: undefined,
      user: request.user,
      warnings: undefined,
      dryRun: false,
    } as const;
    for (const plugin of context.admission.chainOf(admission).validate)
      plugin.validate?.(asked, admission, context);
    const bound = boundObject(spec, account, call, context);
    const isExtended =
      bound.pod !== undefined &&
      spec.expirationSeconds === injectedSeconds &&
      spec.audiences.every((audience) => audience === apiAudience);
    const token = tokens.issue({
      account,
      ...bound,
      audiences: spec.audiences,
      expirationSeconds: isExtended ? extendedSeconds : spec.expirationSeconds,
      ...(isExtended && { warnAfterSeconds: injectedSeconds }),
    });
    const { nowMs } = context.simulation;
    const { name, namespace } = account.metadata;
    const body = {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: context.timestamp() },
      spec: { ...spec, boundObjectRef: asked.spec.boundObjectRef ?? null },
      status: { token, expirationTimestamp: formatTime(nowMs + spec.expirationSeconds * 1000) },
    };
    return { status: 201, body };
  },
};

type Spec = Required<Pick<TokenRequestSpec, 'audiences' | 'expirationSeconds'>> & TokenRequestSpec;

/** Throws Invalid where the request calls itself other than its account. */
function checkName({ metadata }: TokenRequest, name: string): void {
  if (!metadata.name || metadata.name === name) return;
  const why = 'must match the service account name if specified';
  throw invalid('authentication.k8s.io', 'TokenRequest', name, [
    invalidValue('metadata.name', metadata.name, why),
  ]);
}

/** Throws Conflict where the request is for an account that was there before this one. */
function checkUid({ metadata }: TokenRequest, account: ServiceAccount): void {
  const { uid, name } = account.metadata;
  if (!metadata.uid || metadata.uid === uid) return;
  const why = `the UID in the token request (${metadata.uid}) does not match the UID of the service account (${uid})`;
  throw conflict('authentication.k8s.io', 'TokenRequest', name, why);
}

function validated({ spec }: TokenRequest): Spec {
  const { expirationSeconds = secondsDefault } = spec;
  const audiences = spec.audiences?.length ? spec.audiences : [apiAudience];
  const refuse = (why: string) => [invalidValue('spec.expirationSeconds', expirationSeconds, why)];
  const errors =
    expirationSeconds < secondsMin
      ? refuse('may not specify a duration less than 10 minutes')
      : expirationSeconds > secondsMax
        ? refuse('may not specify a duration larger than 2^32 seconds')
        : [];
  // Upstream names nobody here.
  if (errors.length > 0) throw invalid('authentication.k8s.io', 'TokenRequest', '', errors);
  return { ...spec, audiences, expirationSeconds };
}

type Bound = Pick<TokenOrder, 'pod' | 'node' | 'secret' | 'boundNode'>;

/** What the token ends with: a pod of this account, a secret or a node; each must be the one that is meant. */
function boundObject(
  { boundObjectRef: reference }: Spec,
  account: ServiceAccount,
  { info }: Call,
  context: ServerContext,
): Bound {
  if (reference === undefined) return {};
  const { kind = '', apiVersion = '', name = '', uid = '' } = reference;
  if (apiVersion !== 'v1' || !['Pod', 'Secret', 'Node'].includes(kind)) {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
  }
  const of = (plural: string): AnyKind => context.kinds.findResource('', 'v1', plural)!;
  const resource = of(`${kind.toLowerCase()}s`);
  const object = context.storage.read(resource, kind === 'Node' ? '' : info.namespace, name);
  if (uid !== '' && uid !== object.metadata.uid) {
    throw conflict(
      '',
      kind,
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  if (kind === 'Secret') return { secret: object as Secret };
  if (kind === 'Node') return { boundNode: object as Node };
  const pod = object as Pod;
  const runsAs = pod.spec.serviceAccountName ?? '';
  if (runsAs !== account.metadata.name) {
    throw new StatusError(
      'BadRequest',
      `cannot bind token for serviceaccount ${JSON.stringify(account.metadata.name)} to pod running with different serviceaccount name.`,
    );
  }
  const node = pod.spec.nodeName
    ? (context.storage.get(of('nodes'), '', pod.spec.nodeName) as Node | undefined)
    : undefined;
  return { pod, ...(node && { node }) };
}
