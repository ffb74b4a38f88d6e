// Upstream: pkg/scheduler/framework/plugins/nodename/node_name.go
import { type Plugin, rejection } from '../framework.ts';

const name = 'NodeName';
const refusal = rejection(name, "node(s) didn't match the requested node name");

/** A pod that names its node fits there only. */
export const nodeName: Plugin = {
  name,
  reads: 'node',
  preFilter({ spec }) {
    if (!spec.nodeName) return null;
    return { filter: (node) => (node.name === spec.nodeName ? null : refusal) };
  },
  hints: { NodeAdd: () => true },
};
