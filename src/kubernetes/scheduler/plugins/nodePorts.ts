// Upstream: pkg/scheduler/framework/plugins/nodeports/node_ports.go
import type { Pod } from '#generated/types/core.v1.ts';
import { type Plugin, rejection } from '../framework.ts';
import { HostPorts, hostPortsOf } from '../hostPorts.ts';

const name = 'NodePorts';
const refusal = rejection(name, "node(s) didn't have free ports for the requested pod ports", true);

/** A port of the node belongs to one pod at a time. */
export const nodePorts: Plugin = {
  name,
  reads: 'node',
  preFilter({ spec }) {
    const wanted = hostPortsOf(spec);
    if (wanted.length === 0) return null;
    return { filter: ({ hostPorts }) => (wanted.some((port) => hostPorts.conflicts(port)) ? refusal : null) };
  },
  hints: {
    NodeAdd: () => true,
    AssignedPodDelete(pod, before) {
      const freed = new HostPorts();
      freed.add(hostPortsOf((before as Pod).spec));
      return hostPortsOf(pod.spec).some((port) => freed.conflicts(port));
    },
  },
};
