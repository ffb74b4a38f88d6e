import type { AnyKind } from './kind.ts';
import './laterDefinitions.ts';
import { podGroups } from './scheduling/podGroup.ts';
import { workloads } from './scheduling/workload.ts';

/** Kinds of alpha versions, each with the feature gate that it needs; the API server serves them where it is told to. */
export const alphaKinds: readonly { readonly kind: AnyKind; readonly gate: string }[] = [
  { kind: podGroups, gate: 'GenericWorkload' },
  { kind: workloads, gate: 'GenericWorkload' },
];
