import type { AdmissionPlugin } from '../context.ts';
import { certificateApproval } from './certificateApproval.ts';
import { certificateSigning } from './certificateSigning.ts';
import { certificateSubjectRestriction } from './certificateSubjectRestriction.ts';
import { defaultIngressClass } from './defaultIngressClass.ts';
import { defaultStorageClass } from './defaultStorageClass.ts';
import { limitRanger } from './limitRanger.ts';
import { nodeRestriction } from './nodeRestriction.ts';
import { persistentVolumeClaimResize } from './persistentVolumeClaimResize.ts';
import { podSecurity } from './podSecurity/podSecurity.ts';
import { mutatingAdmissionPolicy } from './policy/mutatingAdmissionPolicy.ts';
import { validatingAdmissionPolicy } from './policy/validatingAdmissionPolicy.ts';
import { resourceQuota } from './resourceQuota.ts';
import { roleEscalation } from './roleEscalation.ts';
import { runtimeClass } from './runtimeClass.ts';
import { storageObjectInUseProtection } from './storageObjectInUseProtection.ts';
import { taintNodesByCondition } from './taintNodesByCondition.ts';
import { mutatingAdmissionWebhook } from './webhook/mutatingAdmissionWebhook.ts';
import { validatingAdmissionWebhook } from './webhook/validatingAdmissionWebhook.ts';

/** The admission plugins that a cluster can start without: they are asked from the moment its second load has arrived. */
export const laterPlugins: readonly AdmissionPlugin[] = [
  limitRanger,
  taintNodesByCondition,
  mutatingAdmissionPolicy,
  mutatingAdmissionWebhook,
  podSecurity,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  defaultIngressClass,
  resourceQuota,
  nodeRestriction,
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
  roleEscalation,
  validatingAdmissionPolicy,
  validatingAdmissionWebhook,
];
