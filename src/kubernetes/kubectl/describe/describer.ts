import type { Event } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Invocation } from '../invocation.ts';
import type { Resource } from '../restMapper.ts';
import type { DescribeWriter } from './describeWriter.ts';

/** What a describer works with: the command's invocation and the object's resource. */
export interface DescribeContext {
  readonly invocation: Invocation;
  readonly resource: Resource;
  readonly nowMs: number;
  readonly showEvents: boolean;
}

/** Describes one kind. Upstream: kubectl/pkg/describe/describe.go */
export interface Describer<T extends KubeObject = KubeObject> {
  readonly group: string;
  readonly kind: string;
  describe(object: T, writer: DescribeWriter, context: DescribeContext): Promise<void>;
}

/** The events about an object, oldest first. */
export async function eventsAbout(
  object: { readonly kind?: string; readonly metadata: KubeObject['metadata'] },
  { invocation, showEvents }: DescribeContext,
  uid = object.metadata.uid,
): Promise<Event[]> {
  if (!showEvents) return [];
  const { name, namespace = '' } = object.metadata;
  const events = (await invocation.mapper()).get('', 'events', 'v1');
  const fieldSelector = [
    ...(object.kind ? [`involvedObject.kind=${object.kind}`] : []),
    `involvedObject.name=${name}`,
    ...(namespace ? [`involvedObject.namespace=${namespace}`] : []),
    `involvedObject.uid=${uid}`,
  ].join(',');
  const { items } = await invocation.client.list<Event>(events, namespace, { fieldSelector });
  return [...items];
}
