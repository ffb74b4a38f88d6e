import type { Extensions, ServerContext } from '../context.ts';
import { AccessControl } from './accessControl.ts';
import { installReviews } from './reviews.ts';

/** What an API server needs to know who asks and what they may: for `ApiServer.installAccess`. */
export function createAccess(context: ServerContext, extensions: Extensions): AccessControl {
  const access = new AccessControl(context);
  installReviews(context, extensions, access);
  return access;
}
