// Upstream: pkg/kubelet/events/pod_events.go podResizeMessage
import type { Container, Pod } from '#generated/types/core.v1.ts';
import { isSidecar } from '#kubernetes/api/podStatus.ts';

const amounts = (map: Readonly<Record<string, string | number>> | undefined) =>
  map && Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

function summary({ name, resources = {} }: Container): object {
  const { limits, requests } = resources;
  const shown = {
    ...(limits && { limits: amounts(limits) }),
    ...(requests && { requests: amounts(requests) }),
  };
  return { name, ...(Object.keys(shown).length > 0 && { resources: shown }) };
}

/** What an event about a resize says: a head, and as JSON what is asked for. */
export function resizeMessage(head: string, { spec }: Pod, generation: number, error?: string): string {
  const sidecars = (spec.initContainers ?? []).filter(isSidecar);
  const facts = {
    ...(sidecars.length > 0 && { initContainers: sidecars.map(summary) }),
    containers: spec.containers.map(summary),
    generation,
    ...(error !== undefined && { error }),
  };
  return `${head}: ${JSON.stringify(facts)}`;
}
