import { expect } from 'vitest';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Etcd } from '#kubernetes/etcd/etcd.ts';

/** Freezes a value with all that is in it, so that whoever changes a shared object is found out at once (D4). */
export function deepFreeze<T>(value: T): T {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null || Object.isFrozen(next)) continue;
    Object.freeze(next);
    waiting.push(...(Object.values(next) as unknown[]));
  }
  return value;
}

/** What holds of everything that is stored, whatever was sent. */
export function checkStore(etcd: Etcd<KubeObject>): void {
  const uids = new Set<string>();
  for (const { key, value, modRevision } of etcd.range({ from: '/', end: '0' }).kvs) {
    const object = value!;
    const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
    expect(key).toMatch(/^\/registry\/[a-z0-9./-]+\/[^/]+$/);
    expect(key.endsWith(namespace === undefined ? `/${name}` : `/${namespace}/${name}`), key).toBe(true);
    expect(resourceVersion, key).toBe(String(modRevision));
    expect(creationTimestamp, key).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(object.kind && object.apiVersion, key).toBeTruthy();
    expect(uids.has(uid), `${key}: ${uid}`).toBe(false);
    uids.add(uid);
    // What is stored is JSON: nothing of it is lost on the way to a client.
    expect(JSON.parse(JSON.stringify(object)), key).toEqual(object);
  }
}
