// Upstream: apimachinery/pkg/util/proxy/transport.go
import type { HttpResponse } from '#world/network/http.ts';

/** Where a page was found, and the names that its own server goes by. */
interface Origin {
  /** What stands before the server's own paths: `/api/v1/namespaces/default/services/web/proxy`. */
  readonly prefix: string;
  readonly hosts: readonly string[];
}

/** By tag, the attributes that hold URLs. */
const urlAttributes: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  area: ['href'],
  audio: ['src'],
  base: ['href'],
  blockquote: ['cite'],
  body: ['background'],
  button: ['formaction'],
  del: ['cite'],
  embed: ['src'],
  form: ['action'],
  frame: ['longdesc', 'src'],
  head: ['profile'],
  html: ['manifest'],
  iframe: ['longdesc', 'src'],
  img: ['longdesc', 'src', 'usemap'],
  input: ['src', 'usemap', 'formaction'],
  ins: ['cite'],
  link: ['href'],
  object: ['classid', 'codebase', 'data', 'usemap'],
  q: ['cite'],
  script: ['src'],
  source: ['src'],
  video: ['poster', 'src'],
};

const tag = /<([a-z][a-z0-9]*)((?:\s+[^\s=>]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*\s*\/?)>/gi;
const attribute = /(\s+)([^\s=>]+)(\s*=\s*)("[^"]*"|'[^']*')/g;

/** An answer whose links lead through the proxy too: where it redirects to, and what its page points at. */
export function rewritten(response: HttpResponse, origin: Origin): HttpResponse {
  const { headers, body } = response;
  const { location } = headers;
  if (location) return { ...response, headers: { ...headers, location: rewriteUrl(location, origin) } };
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim() !== 'text/html') return response;
  return { ...response, body: rewriteHtml(body, origin) };
}

function rewriteHtml(html: string, origin: Origin): string {
  return html.replace(tag, (whole, name: string, attributes: string) => {
    const urls = urlAttributes[name.toLowerCase()];
    if (urls === undefined) return whole;
    const changed = attributes.replace(
      attribute,
      (pair, space: string, key: string, equals: string, quoted: string) =>
        urls.includes(key.toLowerCase())
          ? `${space}${key}${equals}${quoted[0]}${rewriteUrl(quoted.slice(1, -1), origin)}${quoted[0]}`
          : pair,
    );
    return `<${name}${changed}>`;
  });
}

/** A URL of the same server, led through the proxy; others, and relative ones, are as they were. */
function rewriteUrl(url: string, { prefix, hosts }: Origin): string {
  const [, host, path = ''] = /^(?:[a-z]+:)?(?:\/\/([^/?#]*))?(.*)$/i.exec(url) ?? [];
  if (host !== undefined && host !== '' && !hosts.includes(host)) return url;
  if (!path.startsWith('/')) return url;
  return path.startsWith(prefix) ? path : prefix + path;
}
