// Upstream: kube-openapi/pkg/handler3
import { createHash } from 'node:crypto';
import descriptions from '#generated/descriptions.json';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import type { KindSet } from '#kubernetes/api/kindSet.ts';
import { openApiDocument } from '#kubernetes/api/openapi.ts';

/** An empty OpenAPI v2 document as kubectl asks for it: protobuf with a version, a title and no paths. */
export const openApiV2 = Buffer.from('0a03322e3012070a016b1202763142004a00', 'hex');
export const openApiV2Type = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/** The documents of a server, made when they are asked for; a new custom resource makes them anew. */
const documents = new WeakMap<
  KindSet,
  { generation: number; byRoot: Map<string, { body: unknown; hash: string }> }
>();

/** Answers `/openapi/v3` and the documents below it; null for any other path. */
export function openApiV3(kinds: KindSet, path: string): unknown {
  const roots = () => [...new Set(kinds.all.map(rootOf))];
  if (path === '/openapi/v3') {
    const paths = roots()
      .sort(byCodeUnits)
      .map((root) => [
        root,
        { serverRelativeURL: `/openapi/v3/${root}?hash=${documentOf(kinds, root).hash}` },
      ]);
    return { paths: Object.fromEntries(paths) as object };
  }
  const root = /^\/openapi\/v3\/(.+)$/.exec(path)?.[1];
  if (root === undefined || !roots().includes(root)) return null;
  return documentOf(kinds, root).body;
}

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : 1);

function rootOf({ group, version }: AnyKind): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

function documentOf(kinds: KindSet, root: string): { body: unknown; hash: string } {
  let known = documents.get(kinds);
  if (known?.generation !== kinds.generation) {
    known = { generation: kinds.generation, byRoot: new Map() };
    documents.set(kinds, known);
  }
  const present = known.byRoot.get(root);
  if (present !== undefined) return present;
  const body = openApiDocument(
    kinds.all.filter((kind) => rootOf(kind) === root),
    descriptions,
  );
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex').toUpperCase();
  const document = { body, hash };
  known.byRoot.set(root, document);
  return document;
}
