import { type AnyKind, apiVersionOf, pathOf } from '#kubernetes/api/kind.ts';
import type { Invocation } from '../../invocation.ts';

/** Sends a review and returns it with the server's answer in its status. */
export async function ask<T>(invocation: Invocation, kind: AnyKind, parts: object): Promise<T> {
  const { body } = await invocation.client.send({
    method: 'POST',
    path: pathOf(kind, ''),
    contentType: 'application/json',
    body: { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata: {}, ...parts },
  });
  return body as T;
}
