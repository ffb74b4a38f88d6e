import type { AdmissionPlugin } from '../context.ts';
import { defaultTolerationSeconds } from './defaultTolerationSeconds.ts';
import { namespaceLifecycle } from './namespaceLifecycle.ts';
import { serviceAccount } from './serviceAccount.ts';

/** In upstream's order. Upstream: pkg/kubeapiserver/options/plugins.go */
export const admissionPlugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  serviceAccount,
  defaultTolerationSeconds,
];
