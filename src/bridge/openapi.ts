// Upstream: kube-openapi/pkg/handler3
import { createHash } from 'node:crypto';
import descriptions from '#generated/descriptions.json';
import type { AnyKind } from '#kubernetes/api/kind.ts';
import { openApiDocument } from '#kubernetes/api/openapi.ts';
import { kinds } from '#kubernetes/api/registry.ts';

/** An empty OpenAPI v2 document as kubectl asks for it: protobuf with a version, a title and no paths. */
export const openApiV2 = Buffer.from('0a03322e3012070a016b1202763142004a00', 'hex');
export const openApiV2Type = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

const documents = new Map<string, { text: string; hash: string }>();

/** Answers `/openapi/v3` and the documents below it; null for any other path. */
export function openApiV3(path: string): string | null {
  if (path === '/openapi/v3') {
    const roots = [...new Set(kinds.map(rootOf))].sort();
    const paths = roots.map((root) => [
      root,
      { serverRelativeURL: `/openapi/v3/${root}?hash=${documentOf(root).hash}` },
    ]);
    return JSON.stringify({ paths: Object.fromEntries(paths) as object });
  }
  const root = /^\/openapi\/v3\/(.+)$/.exec(path)?.[1];
  if (root === undefined || !kinds.some((kind) => rootOf(kind) === root)) return null;
  return documentOf(root).text;
}

function rootOf({ group, version }: AnyKind): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

function documentOf(root: string): { text: string; hash: string } {
  let document = documents.get(root);
  if (document === undefined) {
    const text = JSON.stringify(
      openApiDocument(
        kinds.filter((kind) => rootOf(kind) === root),
        descriptions,
      ),
    );
    document = { text, hash: createHash('sha256').update(text).digest('hex').toUpperCase() };
    documents.set(root, document);
  }
  return document;
}
