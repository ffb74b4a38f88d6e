// Upstream: pkg/scheduler/framework/plugins/schedulinggates/scheduling_gates.go
import { type Plugin, rejection } from '../framework.ts';

const name = 'SchedulingGates';

/** A pod with gates is not even tried until they are taken off. */
export const schedulingGates: Plugin = {
  name,
  reads: 'cluster',
  preEnqueue({ spec }) {
    if (!spec.schedulingGates?.length) return null;
    const gates = spec.schedulingGates.map((gate) => gate.name).join(' ');
    return rejection(name, `waiting for scheduling gates: [${gates}]`);
  },
  hints: { PodGatesEliminated: () => true },
};
