// Upstream: apiserver/pkg/endpoints/handlers/{negotiation,responsewriters}
import type { IncomingMessage } from 'node:http';
import type { ApiResponse } from '#kubernetes/api/request.ts';
import { isPrettyAgent, negotiate, type Presentation } from '#kubernetes/apiserver/wire/negotiation.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';

export interface EncodedBody {
  readonly contentType: string;
  readonly text: string;
}

/** Documents that upstream writes indented for everybody: WriteRawJSON. */
const indented = /^\/(?:index\.html|version)?\/?$/;
/** Documents that upstream makes once, as bytes. */
const premade = /^\/(?:openapi|openid|\.well-known)\//;

/** A whole body as its client would rather have it: text, JSON in lines for people, or YAML. */
export function encodeBody(
  { url = '/', headers: asked }: IncomingMessage,
  { body, headers = {}, status }: ApiResponse,
): EncodedBody {
  if (typeof body === 'string') return { contentType: 'text/plain', text: body };
  const [path = '', search = ''] = url.split('?');
  if (status < 400 && indented.test(path)) return json(body, true);
  if (status < 400 && premade.test(path)) return json(body, false);
  const presentation = presentationFor(asked.accept);
  // A type that the answer brings is one of JSON.
  if (presentation?.mediaType === 'application/yaml' && headers['Content-Type'] === undefined)
    return { contentType: presentation.mediaType, text: toYaml(body) };
  return json(body, presentation?.isPretty === true || isPrettyPrint(search, asked['user-agent']));
}

/** Null for who accepts nothing that there is, and is told so in JSON. */
function presentationFor(accept: string | undefined): Presentation | null {
  try {
    return negotiate(accept);
  } catch {
    return null;
  }
}

function isPrettyPrint(search: string, userAgent = ''): boolean {
  const asked = new URLSearchParams(search).get('pretty') ?? '';
  return asked === '' ? isPrettyAgent(userAgent) : /^(?:1|t|T|true|True|TRUE)$/.test(asked);
}

/** Go's encoder ends a line, its indenting one does not. */
function json(body: unknown, isPretty: boolean): EncodedBody {
  const text = isPretty ? JSON.stringify(body, null, 2) : `${JSON.stringify(body)}\n`;
  return { contentType: 'application/json', text };
}
