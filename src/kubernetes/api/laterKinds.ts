import { mutatingAdmissionPolicies } from './admissionregistration/mutatingAdmissionPolicy.ts';
import { mutatingAdmissionPolicyBindings } from './admissionregistration/mutatingAdmissionPolicyBinding.ts';
import { mutatingWebhookConfigurations } from './admissionregistration/mutatingWebhookConfiguration.ts';
import { validatingAdmissionPolicies } from './admissionregistration/validatingAdmissionPolicy.ts';
import { validatingAdmissionPolicyBindings } from './admissionregistration/validatingAdmissionPolicyBinding.ts';
import { validatingWebhookConfigurations } from './admissionregistration/validatingWebhookConfiguration.ts';
import { apiServices } from './apiregistration/apiService.ts';
import { statefulSets } from './apps/statefulSet.ts';
import { customResourceDefinitions } from './apiextensions/customResourceDefinition.ts';
import { horizontalPodAutoscalers } from './autoscaling/horizontalPodAutoscaler.ts';
import { horizontalPodAutoscalersV1 } from './autoscaling/horizontalPodAutoscalerV1.ts';
import { cronJobs } from './batch/cronJob.ts';
import { jobs } from './batch/job.ts';
import { limitRanges } from './core/limitRange.ts';
import { persistentVolumes } from './core/persistentVolume.ts';
import { persistentVolumeClaims } from './core/persistentVolumeClaim.ts';
import { podTemplates } from './core/podTemplate.ts';
import { replicationControllers } from './core/replicationController.ts';
import { resourceQuotas } from './core/resourceQuota.ts';
import { newEvents } from './events/event.ts';
import { flowSchemas } from './flowcontrol/flowSchema.ts';
import { priorityLevelConfigurations } from './flowcontrol/priorityLevelConfiguration.ts';
import type { AnyKind } from './kind.ts';
import './laterDefinitions.ts';
import './laterChecks.ts';
import { ingresses } from './networking/ingress.ts';
import { ingressClasses } from './networking/ingressClass.ts';
import { ipAddresses } from './networking/ipAddress.ts';
import { networkPolicies } from './networking/networkPolicy.ts';
import { serviceCidrs } from './networking/serviceCidr.ts';
import { runtimeClasses } from './node/runtimeClass.ts';
import { podDisruptionBudgets } from './policy/podDisruptionBudget.ts';
import { certificateSigningRequests } from './certificates/certificateSigningRequest.ts';
import { clusterRoles } from './rbac/clusterRole.ts';
import { clusterRoleBindings } from './rbac/clusterRoleBinding.ts';
import { roles } from './rbac/role.ts';
import { roleBindings } from './rbac/roleBinding.ts';
import { csiDrivers } from './storage/csiDriver.ts';
import { csiNodes } from './storage/csiNode.ts';
import { csiStorageCapacities } from './storage/csiStorageCapacity.ts';
import { storageClasses } from './storage/storageClass.ts';
import { volumeAttachments } from './storage/volumeAttachment.ts';
import { volumeAttributesClasses } from './storage/volumeAttributesClass.ts';

/** The kinds that a cluster can start without: they are served from the moment its second load has arrived. */
export const laterKinds: readonly AnyKind[] = [
  limitRanges,
  persistentVolumeClaims,
  persistentVolumes,
  podTemplates,
  replicationControllers,
  resourceQuotas,
  statefulSets,
  customResourceDefinitions,
  horizontalPodAutoscalers,
  horizontalPodAutoscalersV1,
  cronJobs,
  jobs,
  newEvents,
  ingressClasses,
  ingresses,
  podDisruptionBudgets,
  certificateSigningRequests,
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles,
  apiServices,
  ipAddresses,
  networkPolicies,
  serviceCidrs,
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
  storageClasses,
  volumeAttachments,
  volumeAttributesClasses,
  mutatingAdmissionPolicies,
  mutatingAdmissionPolicyBindings,
  mutatingWebhookConfigurations,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
  validatingWebhookConfigurations,
  runtimeClasses,
  flowSchemas,
  priorityLevelConfigurations,
];
