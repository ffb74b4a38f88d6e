export interface Url {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** With its query, `/` at least. */
  readonly path: string;
}

/** An http or https URL; a missing scheme is http. Null when it is none. */
export function parseUrl(text: string): Url | null {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:[^@/]*@)?([^:/?#]+)(?::(\d*))?([/?][^#]*)?(?:#.*)?$/i.exec(
    text,
  );
  if (match === null) return null;
  const [, scheme = 'http', host, port, path = '/'] = match;
  const byDefault = scheme.toLowerCase() === 'https' ? 443 : 80;
  return {
    scheme: scheme.toLowerCase(),
    host: host!,
    port: port ? Number(port) : byDefault,
    path: path.startsWith('/') ? path : `/${path}`,
  };
}
