// Upstream: pkg/serviceaccount/openidmetadata.go, pkg/routes/openidmetadata.go
import { apiAudience } from '../access/serviceAccountTokens.ts';
import type { Answer, ServerContext } from '../context.ts';

/** kubeadm's advertised address; the keys are found there by who trusts the issuer. */
const keysUrl = 'https://10.0.0.2:6443/openid/v1/jwks';
const headers = { 'Cache-Control': 'public, max-age=3600' };

/** Who signs the tokens of service accounts, and with which key: for those who check them without asking the server. */
export function openIdMetadata(path: string, { access }: ServerContext): Answer | null {
  if (access === null) return null;
  const { publicKey } = access.tokens.key;
  if (path === '/openid/v1/jwks') {
    const body = { keys: [publicKey] };
    return { status: 200, body, headers: { ...headers, 'Content-Type': 'application/jwk-set+json' } };
  }
  const body = {
    issuer: apiAudience,
    jwks_uri: keysUrl,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [publicKey.alg],
  };
  return { status: 200, body, headers: { ...headers, 'Content-Type': 'application/json' } };
}
