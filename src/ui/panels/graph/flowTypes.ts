import type { Edge, Node } from '@xyflow/react';
import type { Box, NodeBox } from './layoutNodes.ts';
import type { EndpointsBox } from './layoutNetwork.ts';

/** What React Flow holds: a node of its own per box, never per pod. */
export type NodeFlow = Node<{ readonly box: NodeBox }, 'node'>;
export type ControlPlaneFlow = Node<{ readonly box: Box }, 'controlPlane'>;
export type TrayFlow = Node<{ readonly box: Box; readonly hidden: number }, 'tray'>;
export type CardFlow = Node<{ readonly box: Box }, 'card'>;
export type GroupFlow = Node<{ readonly box: Box }, 'podGroup'>;
export type EndpointsFlow = Node<{ readonly box: EndpointsBox }, 'endpoints'>;
export type AnyFlow = NodeFlow | ControlPlaneFlow | TrayFlow | CardFlow | GroupFlow | EndpointsFlow;

export type RelationFlow = Edge<Record<string, never>, 'relation'>;
export type TrafficFlow = Edge<{ readonly edgeId: string }, 'traffic'>;
export type AnyEdge = RelationFlow | TrafficFlow;
