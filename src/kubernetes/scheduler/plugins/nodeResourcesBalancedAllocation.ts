// Upstream: pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go
import { podRequests } from '#kubernetes/api/podRequests.ts';
import { nodeScoreMax, type Plugin } from '../framework.ts';

/** How evenly CPU and memory are used, from 0 to 100: by the spread of their fractions. */
function balance(cpuAsked: number, memoryAsked: number, cpu: number, memory: number): number {
  if (cpu === 0 || memory === 0) return nodeScoreMax;
  const cpuFraction = Math.min(1, cpuAsked / cpu);
  const memoryFraction = Math.min(1, memoryAsked / memory);
  return Math.trunc((1 - Math.abs((cpuFraction - memoryFraction) / 2)) * nodeScoreMax);
}

const half = nodeScoreMax / 2;

/**
 * Nodes that the pod leaves more evenly used than they were are better: 75 where it changes nothing. A pod
 * that asks for neither CPU nor memory does not tip the balance.
 */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  reads: 'node',
  preScore({ spec }) {
    const { cpu = 0, memory = 0 } = podRequests(spec).requests;
    if (cpu === 0 && memory === 0) return null;
    return {
      score(node) {
        const { requestedCpu, requestedMemory } = node;
        const before = balance(requestedCpu, requestedMemory, node.cpu, node.memory);
        const after = balance(requestedCpu + cpu, requestedMemory + memory, node.cpu, node.memory);
        return half + Math.trunc((half + after - before) / 2);
      },
    };
  },
};
