import type { Secret } from '#generated/types/core.v1.ts';
import { lastUsedLabel } from '#kubernetes/api/legacyTokens.ts';
import type { Extensions, ServerContext } from '../context.ts';
import { writeAsServer } from '../writeAsServer.ts';
import { AccessControl } from './accessControl.ts';
import { installReviews } from './reviews.ts';

/** What an API server needs to know who asks and what they may: for `ApiServer.installAccess`. */
export function createAccess(context: ServerContext, extensions: Extensions): AccessControl {
  const { simulation, storage } = context;
  const access = new AccessControl(simulation, storage.etcd, (secret, day) =>
    labelUsed(secret, day, context),
  );
  installReviews(context, extensions, access);
  return access;
}

/** Labels a Secret whose token was used with the day. Upstream: pkg/serviceaccount/legacy.go */
function labelUsed(secret: Secret, day: string, context: ServerContext): void {
  const kind = context.kinds.findResource('', 'v1', 'secrets');
  if (kind === undefined || !context.hasStorage) return;
  const labels = { ...secret.metadata.labels, [lastUsedLabel]: day };
  writeAsServer(kind, { ...secret, metadata: { ...secret.metadata, labels } }, secret, context);
}
