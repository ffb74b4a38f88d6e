import { horizontalPodAutoscalers } from './autoscaling/horizontalPodAutoscaler.ts';
import { horizontalPodAutoscalersV1 } from './autoscaling/horizontalPodAutoscalerV1.ts';
import { jobs } from './batch/job.ts';
import { newEvents } from './events/event.ts';
import type { AnyKind } from './kind.ts';
import './laterDefinitions.ts';
import { ingresses } from './networking/ingress.ts';
import { ingressClasses } from './networking/ingressClass.ts';
import { clusterRoles } from './rbac/clusterRole.ts';
import { clusterRoleBindings } from './rbac/clusterRoleBinding.ts';
import { roles } from './rbac/role.ts';
import { roleBindings } from './rbac/roleBinding.ts';

/** The kinds that a cluster can start without: they are served from the moment its second load has arrived. */
export const laterKinds: readonly AnyKind[] = [
  horizontalPodAutoscalers,
  horizontalPodAutoscalersV1,
  jobs,
  newEvents,
  ingressClasses,
  ingresses,
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles,
];
