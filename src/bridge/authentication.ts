// Upstream: apiserver/pkg/authentication/request/{x509,bearertoken,union,anonymous}
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Impersonation, UserInfo } from '#kubernetes/api/request.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';

/** Whose token this is; null where it is nobody's. The API server knows the tokens, the bridge does not. */
export type TokenReview = (token: string) => UserInfo | null;

const authenticatedGroup = 'system:authenticated';
const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/**
 * Who sent a request: the owner of its client certificate, else of its bearer token, else `fallback`. Throws
 * Unauthorized for credentials that are nobody's.
 */
export function authenticate(
  message: IncomingMessage,
  review: TokenReview,
  fallback: UserInfo = anonymous,
): UserInfo {
  const certified = certifiedUser(message);
  if (certified !== null) return certified;
  const token = bearerToken(message);
  if (token === null) return fallback;
  const user = review(token);
  if (user === null) throw new StatusError('Unauthorized', 'Unauthorized');
  return user;
}

function certifiedUser({ socket }: IncomingMessage): UserInfo | null {
  if (!(socket instanceof TLSSocket)) return null;
  const { subject, raw } = socket.getPeerCertificate() as {
    subject?: { CN?: string; O?: string | string[] };
    raw?: Buffer;
  };
  if (subject?.CN === undefined || raw === undefined) return null;
  if (!socket.authorized) throw new StatusError('Unauthorized', 'Unauthorized');
  const organizations = subject.O === undefined ? [] : [subject.O].flat();
  return {
    name: subject.CN,
    groups: [...organizations, authenticatedGroup],
    extra: {
      'authentication.kubernetes.io/credential-id': [
        `X509SHA256=${createHash('sha256').update(raw).digest('hex')}`,
      ],
    },
  };
}

function bearerToken({ headers }: IncomingMessage): string | null {
  return /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

/** The Impersonate headers; undefined where there are none. Throws where groups come without a user. */
export function impersonation({ headersDistinct }: IncomingMessage): Impersonation | undefined {
  const named = Object.entries(headersDistinct).filter(([name]) => name.startsWith('impersonate-'));
  if (named.length === 0) return undefined;
  const header = (name: string) => headersDistinct[`impersonate-${name}`] ?? [];
  const user = header('user')[0] ?? '';
  if (user === '') {
    throw new StatusError(
      'InternalError',
      `Internal error occurred: requested ${JSON.stringify(named.map(([name]) => name).sort())} without impersonating a user`,
    );
  }
  const uid = header('uid')[0];
  const extra = named
    .filter(([name]) => name.startsWith('impersonate-extra-'))
    .map(([name, values]) => [decodeURIComponent(name.slice('impersonate-extra-'.length)), values ?? []]);
  return {
    user,
    groups: header('group'),
    ...(uid !== undefined && { uid }),
    ...(extra.length > 0 && { extra: Object.fromEntries(extra) as Record<string, string[]> }),
  };
}
