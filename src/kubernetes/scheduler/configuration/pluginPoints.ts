// Upstream: pkg/scheduler/framework/plugins/*
import type { ExtensionPoint } from './configuration.ts';

const filters = ['preFilter', 'filter'] as const;
const scores = ['preScore', 'score'] as const;

/** The points that each plugin extends, for those that there are. */
export const pluginPoints: Readonly<Record<string, readonly ExtensionPoint[]>> = {
  DefaultBinder: ['bind'],
  DefaultPreemption: ['postFilter'],
  GangScheduling: ['preEnqueue', 'reserve', 'permit'],
  ImageLocality: ['score'],
  InterPodAffinity: [...filters, ...scores],
  NodeAffinity: [...filters, ...scores],
  NodeName: ['filter'],
  NodePorts: filters,
  NodeResourcesBalancedAllocation: scores,
  NodeResourcesFit: [...filters, ...scores],
  NodeUnschedulable: ['filter'],
  NodeVolumeLimits: filters,
  PodTopologySpread: [...filters, ...scores],
  PrioritySort: ['queueSort'],
  SchedulingGates: ['preEnqueue'],
  TaintToleration: ['filter', ...scores],
  VolumeBinding: [...filters, 'reserve', 'preBind', ...scores],
  VolumeRestrictions: filters,
  VolumeZone: filters,
};
