import type { Container, Node, NodeSpec, NodeStatus, Pod, PodSpec } from '#generated/types/core.v1.ts';
import type { ObjectMeta } from '#generated/types/meta.v1.ts';
import { NodeInfo } from './nodeInfo.ts';

type Amounts = Readonly<Record<string, string | number>>;

/** A container that asks for `requests`. */
export function container(requests: Amounts = {}, more: Partial<Container> = {}): Container {
  return {
    name: 'c',
    image: 'nginx',
    ...(Object.keys(requests).length > 0 && { resources: { requests } }),
    ...more,
  };
}

/** Metadata before the server has seen it. */
function metaOf(metadata: Partial<ObjectMeta>): ObjectMeta {
  return metadata as ObjectMeta;
}

let serial = 0;

/** A pod as a test states it: in `default`, with one container that asks for nothing, unless told otherwise. */
export function makePod(
  options: Partial<PodSpec> & {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: ObjectMeta['labels'];
    readonly requests?: Amounts;
    readonly status?: Pod['status'];
    readonly ownerReferences?: ObjectMeta['ownerReferences'];
  } = {},
): Pod {
  const { name = `pod-${++serial}`, namespace = 'default', labels, requests, status = {}, ...rest } = options;
  const { ownerReferences, ...spec } = rest;
  const metadata = metaOf({
    name,
    namespace,
    uid: `uid-${namespace}-${name}`,
    ...(labels && { labels }),
    ...(ownerReferences && { ownerReferences }),
  });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { containers: [container(requests)], schedulerName: 'default-scheduler', ...spec },
    status,
  };
}

/** A node with room for 4 CPU, 8Gi and 110 pods, unless told otherwise. */
export function makeNode(
  name: string,
  options: Partial<NodeSpec> & {
    readonly labels?: ObjectMeta['labels'];
    readonly allocatable?: Amounts;
    readonly images?: NodeStatus['images'];
  } = {},
): Node {
  const { labels, allocatable, images, ...spec } = options;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: metaOf({ name, uid: `uid-${name}`, labels: { 'kubernetes.io/hostname': name, ...labels } }),
    spec,
    status: {
      allocatable: { cpu: '4', memory: '8Gi', pods: '110', ...allocatable },
      ...(images && { images }),
    },
  };
}

/** A node as plugins see it, with pods on it. */
export function nodeInfo(node: Node, ...pods: readonly Pod[]): NodeInfo {
  const info = new NodeInfo(node.metadata.name, 0);
  info.setNode(node);
  for (const pod of pods) info.addPod(pod);
  return info;
}
