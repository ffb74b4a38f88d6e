// Upstream: test/images/agnhost/openidmetadata
import { decodeBase64 } from '#kubernetes/api/base64.ts';
import { isSignedByRsa, numberOf } from '#kubernetes/apimachinery/rsa.ts';
import { utf8 } from '#kubernetes/apimachinery/utf8.ts';
import { FileError } from '#world/machine/fileSystem.ts';
import type { Process, Program } from '#world/machine/program.ts';
import { flagOf, logLine } from './respond.ts';

/** Where every pod has the token that it may show the API server. */
const ownToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

interface Claims {
  readonly iss: string;
  readonly aud: readonly string[];
  readonly exp: number;
}

interface Key {
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/** What is wrong with the token, or how to find out. */
class Invalid extends Error {}

function bytesOf(text: string): ArrayLike<number> {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  return decodeBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, '=')) ?? [];
}

function read(part: string): unknown {
  return JSON.parse(String.fromCharCode(...Array.from(bytesOf(part))));
}

async function fetchJson<T>(process: Process, url: string, token: string): Promise<T> {
  const [, host = '', port = '443', path = '/'] = /^https:\/\/([^/:]+)(?::(\d+))?(\/.*)?$/.exec(url) ?? [];
  const exchange = process.network!.request(host, Number(port), {
    method: 'GET',
    path,
    headers: { host, authorization: `Bearer ${token}`, 'user-agent': 'agnhost' },
    body: '',
  });
  if (exchange.outcome !== 'answered') throw new Invalid(`Get ${JSON.stringify(url)}: ${exchange.outcome}`);
  await process.sleep(exchange.latencyMs);
  const { status, body } = exchange.response;
  if (status !== 200) throw new Invalid(`${status}: ${body}`);
  return JSON.parse(body) as T;
}

async function validate(
  process: Process,
  token: string,
  audience: string,
  say: (text: string) => Promise<void>,
) {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const claims = read(payload) as Claims;
  await say(`OK: got issuer ${claims.iss}`);
  const own = process.files.read(ownToken);
  const discovery = `${claims.iss}/.well-known/openid-configuration`;
  const provider = await fetchJson<{ issuer: string; jwks_uri: string }>(process, discovery, own);
  if (provider.issuer !== claims.iss)
    throw new Invalid(
      `oidc: issuer did not match the issuer returned by provider, expected ${JSON.stringify(claims.iss)} got ${JSON.stringify(provider.issuer)}`,
    );
  await say(`OK: Constructed OIDC provider for issuer ${claims.iss}`);
  const { keys } = await fetchJson<{ keys: readonly Key[] }>(process, provider.jwks_uri, own);
  const { kid } = read(head) as { kid: string };
  const key = keys.find((one) => one.kid === kid);
  const publicKey = key && { modulus: numberOf(bytesOf(key.n)), exponent: numberOf(bytesOf(key.e)) };
  if (!claims.aud.includes(audience))
    throw new Invalid(
      `oidc: expected audience ${JSON.stringify(audience)} got ${JSON.stringify(claims.aud)}`,
    );
  if (claims.exp * 1000 < process.simulation.nowMs) throw new Invalid('oidc: token is expired');
  if (!publicKey || !isSignedByRsa(utf8(`${head}.${payload}`), bytesOf(signature), publicKey))
    throw new Invalid('failed to verify signature: failed to verify id token signature');
  await say('OK: Validated signature on JWT');
  await say('OK: Got valid claims from token!');
}

/** `agnhost test-service-account-issuer-discovery`: checks a token by what its issuer publishes, and nothing else. */
export const issuerDiscovery: Program = async (process) => {
  const { args, simulation, stderr } = process;
  const say = (text: string) => stderr.write(logLine(simulation.nowMs, text));
  try {
    const token = process.files.read(flagOf(args, '--token-path') ?? '');
    await say('OK: Got token');
    await say('validating with in-cluster discovery');
    await validate(process, token, flagOf(args, '--audience') ?? '', say);
    return 0;
  } catch (error) {
    if (!(error instanceof Invalid) && !(error instanceof FileError)) throw error;
    await say(`failed to validate with in-cluster discovery: ${error.message}`);
    return 1;
  }
};
