// Upstream: pkg/serviceaccount/{claims,legacy,jwt}.go, apiserver/pkg/authentication/serviceaccount/util.go
import type { Node, Pod, Secret, ServiceAccount } from '#generated/types/core.v1.ts';
import { decodeBase64 } from '#kubernetes/api/base64.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { invalidSinceLabel, lastUsedLabel } from '#kubernetes/api/legacyTokens.ts';
import type { UserInfo } from '#kubernetes/api/request.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import type { Etcd } from '#kubernetes/etcd/etcd.ts';
import type { Simulation } from '#sim/simulation.ts';
import { newUid } from '../uid.ts';
import { TokenKey } from './jsonWebToken.ts';

/** kubeadm's --service-account-issuer; the only audience of the API server. */
export const apiAudience = 'https://kubernetes.default.svc.cluster.local';
const legacyIssuer = 'kubernetes/serviceaccount';
/** How long an object's token outlives its deletion. Upstream: jwt.DefaultLeeway */
const leewayMs = 60_000;
/** Tokens that are remembered; past that it begins anew. */
const verifiedMax = 1_000;

interface Reference {
  readonly name: string;
  readonly uid: string;
}

interface Claims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly jti: string;
  readonly 'kubernetes.io': {
    readonly namespace: string;
    readonly node?: Reference;
    readonly pod?: Reference;
    readonly secret?: Reference;
    readonly serviceaccount: Reference;
    readonly warnafter?: number;
  };
  readonly nbf: number;
  readonly sub: string;
}

const legacy = (name: string) => `kubernetes.io/serviceaccount/${name}` as const;

/** What a token is asked for. */
export interface TokenOrder {
  readonly account: ServiceAccount;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  /** When its use is noted as overdue, for tokens that live longer than they say. */
  readonly warnAfterSeconds?: number;
  readonly pod?: Pod;
  readonly node?: Node;
  readonly secret?: Secret;
  readonly boundNode?: Node;
}

/** Makes tokens of service accounts and tells whose a token is. */
export class ServiceAccountTokens {
  readonly #simulation: Simulation;
  readonly #etcd: Etcd<KubeObject>;
  readonly #noteUse: (secret: Secret, day: string) => void;
  readonly key: TokenKey;
  /** Claims of tokens whose signature was checked already. */
  readonly #verified = new Map<string, Partial<Claims>>();

  /** `noteUse` labels a Secret whose token is used with the day. */
  constructor(
    simulation: Simulation,
    etcd: Etcd<KubeObject>,
    noteUse: (secret: Secret, day: string) => void = () => {},
  ) {
    this.#noteUse = noteUse;
    this.#simulation = simulation;
    this.#etcd = etcd;
    const random = simulation.random('service-account-key');
    this.key = new TokenKey((bound) => random.below(bound));
  }

  /** A token that is bound to time, audience and perhaps an object. */
  issue({ account, pod, node, secret, boundNode, ...order }: TokenOrder): string {
    const now = Math.floor(this.#simulation.nowMs / 1000);
    const { namespace = '', name } = account.metadata;
    const nodeReference = boundNode ?? node;
    const claims: Claims = {
      aud: order.audiences,
      exp: now + order.expirationSeconds,
      iat: now,
      iss: apiAudience,
      jti: newUid(this.#simulation.random('token-ids')),
      'kubernetes.io': {
        namespace,
        ...(nodeReference && { node: reference(nodeReference) }),
        ...(pod && { pod: reference(pod) }),
        ...(secret && { secret: reference(secret) }),
        serviceaccount: reference(account),
        ...(order.warnAfterSeconds !== undefined && { warnafter: now + order.warnAfterSeconds }),
      },
      nbf: now,
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    return this.key.sign(claims);
  }

  /** A token as Secrets of type kubernetes.io/service-account-token hold it: it ends with its Secret. */
  issueLegacy({ metadata }: ServiceAccount, secretName: string): string {
    const { namespace = '', name, uid } = metadata;
    const claims = {
      iss: legacyIssuer,
      [legacy('namespace')]: namespace,
      [legacy('secret.name')]: secretName,
      [legacy('service-account.name')]: name,
      [legacy('service-account.uid')]: uid,
      sub: `system:serviceaccount:${namespace}:${name}`,
    };
    return this.key.sign(claims);
  }

  /** Whose token this is and for which of `audiences`, or why it is nobody's. */
  authenticate(
    token: string,
    audiences: readonly string[] = [apiAudience],
  ): { readonly user: UserInfo; readonly audiences: readonly string[] } | { readonly error: string } {
    const claims = this.#claimsOf(token);
    if (claims === undefined) return { error: 'invalid bearer token' };
    if (claims.iss === legacyIssuer) return this.#authenticateLegacy(token, claims as Record<string, string>);
    return this.#authenticateBound(claims as Claims, audiences);
  }

  #claimsOf(token: string): Partial<Claims> | undefined {
    const known = this.#verified.get(token);
    if (known !== undefined) return known;
    const claims = this.key.verify(token) as Partial<Claims> | undefined;
    if (claims === undefined) return undefined;
    if (this.#verified.size >= verifiedMax) this.#verified.clear();
    this.#verified.set(token, claims);
    return claims;
  }

  #authenticateBound(claims: Claims, audiences: readonly string[]) {
    const now = this.#simulation.nowMs / 1000;
    const shared = audiences.filter((audience) => claims.aud.includes(audience));
    if (shared.length === 0)
      return {
        error: `token audiences ${JSON.stringify(claims.aud)} is invalid for the target audiences ${JSON.stringify(audiences)}`,
      };
    if (now > claims.exp + leewayMs / 1000) return { error: 'service account token has expired' };
    const { namespace, serviceaccount, pod, node, secret } = claims['kubernetes.io'];
    const invalid =
      this.#check(`serviceaccounts/${namespace}`, serviceaccount, 'service account') ??
      (pod && this.#check(`pods/${namespace}`, pod, 'pod')) ??
      (secret && this.#check(`secrets/${namespace}`, secret, 'secret')) ??
      (node && !pod ? this.#check('nodes', node, 'node') : null);
    if (invalid) return { error: invalid };
    const extra = {
      'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`],
      ...(node && {
        'authentication.kubernetes.io/node-name': [node.name],
        'authentication.kubernetes.io/node-uid': [node.uid],
      }),
      ...(pod && {
        'authentication.kubernetes.io/pod-name': [pod.name],
        'authentication.kubernetes.io/pod-uid': [pod.uid],
      }),
    };
    return {
      user: { ...accountUser(namespace, serviceaccount.name), uid: serviceaccount.uid, extra },
      audiences: shared,
    };
  }

  #authenticateLegacy(token: string, claims: Readonly<Record<string, string>>) {
    const namespace = claims[legacy('namespace')]!;
    const name = claims[legacy('service-account.name')]!;
    const uid = claims[legacy('service-account.uid')]!;
    const secretName = claims[legacy('secret.name')]!;
    const secret = this.#get(`secrets/${namespace}/${secretName}`) as Secret | undefined;
    const stored = secret?.data?.['token'];
    if (secret === undefined || secret.metadata.deletionTimestamp !== undefined)
      return { error: `Token has been invalidated` };
    if (stored === undefined || textOf(stored) !== token)
      return { error: "Token does not match server's copy" };
    const invalid = this.#check(`serviceaccounts/${namespace}`, { name, uid }, 'service account');
    if (invalid) return { error: invalid };
    if (secret.metadata.labels?.[invalidSinceLabel] !== undefined)
      return {
        error: `the token in secret ${namespace}/${secretName} for service account ${namespace}/${name} has been marked invalid. Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the '${invalidSinceLabel}' label from the secret to temporarily allow use of this token`,
      };
    const today = formatTime(this.#simulation.nowMs).slice(0, 10);
    if (secret.metadata.labels?.[lastUsedLabel] !== today) this.#noteUse(secret, today);
    return { user: { ...accountUser(namespace, name), uid }, audiences: [apiAudience] };
  }

  /** Why the object that a token is bound to is no longer the one it was, or null. */
  #check(place: string, { name, uid }: Reference, what: string): string | null {
    const object = this.#get(`${place}/${name}`);
    if (object === undefined) {
      return what === 'service account'
        ? `serviceaccounts ${JSON.stringify(name)} not found`
        : 'service account token has been invalidated';
    }
    const { deletionTimestamp } = object.metadata;
    if (deletionTimestamp !== undefined && Date.parse(deletionTimestamp) < this.#simulation.nowMs - leewayMs)
      return 'service account token has been invalidated';
    return object.metadata.uid === uid
      ? null
      : `${what} UID (${object.metadata.uid}) does not match claim (${uid})`;
  }

  #get(path: string): KubeObject | undefined {
    return this.#etcd.get(`/registry/${path}`)?.value;
  }
}

/** What a service account is as a user. */
export function accountUser(namespace: string, name: string): UserInfo {
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

function reference({ metadata }: KubeObject): Reference {
  return { name: metadata.name, uid: metadata.uid };
}

function textOf(base64: string): string {
  return String.fromCharCode(...(decodeBase64(base64) ?? []));
}
