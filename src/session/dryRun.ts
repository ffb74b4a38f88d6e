import { apiVersionOf, pathOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ApiResponse } from '#kubernetes/api/request.ts';
import { parseDocument, splitDocuments } from '#kubernetes/apimachinery/yamlDocument.ts';
import { withLastApplied, withoutLastApplied } from '#kubernetes/kubectl/lastApplied.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';
import { threeWayPatch } from '#kubernetes/kubectl/threeWayPatch.ts';
import type { Answers } from '#protocol/messages.ts';
import { learner } from './learner.ts';
import type { Session } from './session.ts';

type Result = Answers['dryRun'][number];

/** Documents of one text that are tried; an editor shows no more problems than that at once. */
const documentsMax = 50;

/** What `kubectl apply` of the text would do, document by document: the server's error, or live and merged. */
export function dryRun(session: Session, text: string): Answers['dryRun'] {
  let documents: string[];
  try {
    documents = splitDocuments(text);
  } catch (error) {
    return [failure(1, '', messageOf(error))];
  }
  let from = 0;
  return documents.slice(0, documentsMax).map((document) => {
    const at = Math.max(0, text.indexOf(document, from));
    from = at + document.length;
    return tryDocument(session, document, text.slice(0, at).split('\n').length);
  });
}

function tryDocument(session: Session, document: string, line: number): Result {
  let value: unknown;
  try {
    value = parseDocument(document);
  } catch (error) {
    return failure(line, '', messageOf(error));
  }
  if (value === null || value === undefined) return { ...failure(line, '', ''), error: null };
  const object = value as Partial<KubeObject>;
  const { apiVersion, kind: name } = object;
  if (!apiVersion || !name) {
    return failure(line, '', `Object '${name ? 'apiVersion' : 'Kind'}' is missing`);
  }
  const kind = session.cluster.apiServer.kinds.findKind(apiVersion, name);
  if (kind === undefined)
    return failure(line, name, `no matches for kind "${name}" in version "${apiVersion}"`);
  const send = (method: 'GET' | 'POST' | 'PATCH', path: string, more: object = {}): ApiResponse =>
    session.cluster.observe({ method, path, user: learner, ...more });
  const namespace = kind.namespaced ? (object.metadata?.namespace ?? 'default') : '';
  const label = `${kind.singular}/${object.metadata?.name ?? ''}`;
  const modified = withLastApplied({
    ...object,
    apiVersion: apiVersionOf(kind),
    kind: name,
    metadata: { ...object.metadata, ...(namespace && { namespace }) },
  } as KubeObject);
  const path = pathOf(kind, namespace, object.metadata?.name);
  const query = { dryRun: 'All', fieldValidation: 'Strict' };
  const live = object.metadata?.name ? send('GET', path) : undefined;
  if (live === undefined || live.status === 404) {
    const contentType = 'application/json';
    return resultOf(
      line,
      label,
      null,
      send('POST', pathOf(kind, namespace), { query, contentType, body: modified }),
    );
  }
  const current = live.body as KubeObject;
  const { patch, type } = threeWayPatch(modified, current);
  const contentType = `application/${type === 'merge' ? 'merge-patch' : 'strategic-merge-patch'}+json`;
  return resultOf(line, label, current, send('PATCH', path, { query, contentType, body: patch }));
}

function resultOf(line: number, name: string, live: KubeObject | null, response: ApiResponse): Result {
  if (response.status >= 400) return failure(line, name, (response.body as { message: string }).message);
  return {
    line,
    name,
    error: null,
    warnings: response.warnings,
    live: live && toYaml(withoutLastApplied(live)),
    merged: toYaml(withoutLastApplied(response.body as KubeObject)),
  };
}

function failure(line: number, name: string, error: string): Result {
  return { line, name, error, warnings: [], live: null, merged: null };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
