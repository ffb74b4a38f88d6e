import { attachDetachController } from './attachdetach/attachDetachController.ts';
import { certificateApprovingController } from './certificateapproving/certificateApprovingController.ts';
import { certificateCleanerController } from './certificatecleaner/certificateCleanerController.ts';
import { certificateSigningController } from './certificatesigning/certificateSigningController.ts';
import { clusterRoleAggregationController } from './clusterroleaggregation/clusterRoleAggregationController.ts';
import type { Controller } from './controller.ts';
import { cronJobController } from './cronjob/cronJobController.ts';
import { disruptionController } from './disruption/disruptionController.ts';
import { endpointSliceMirroringController } from './endpointslicemirroring/endpointSliceMirroringController.ts';
import { jobController } from './job/jobController.ts';
import { ephemeralVolumeController } from './ephemeralvolume/ephemeralVolumeController.ts';
import { expandController } from './expand/expandController.ts';
import { horizontalPodAutoscalerController } from './podautoscaler/horizontalPodAutoscalerController.ts';
import { serviceAccountTokenController } from './serviceaccounttoken/serviceAccountTokenController.ts';
import { legacyTokenCleanerController } from './legacytokencleaner/legacyTokenCleanerController.ts';
import { podGarbageCollectorController } from './podgc/podGarbageCollectorController.ts';
import { persistentVolumeController } from './persistentvolume/persistentVolumeController.ts';
import { pvcProtectionController } from './pvcprotection/pvcProtectionController.ts';
import { pvProtectionController } from './pvprotection/pvProtectionController.ts';
import { replicationControllerController } from './replication/replicationControllerController.ts';
import { resourceQuotaController } from './resourcequota/resourceQuotaController.ts';
import { statefulSetController } from './statefulset/statefulSetController.ts';
import { ttlAfterFinishedController } from './ttlafterfinished/ttlAfterFinishedController.ts';
import { validatingAdmissionPolicyStatusController } from './validatingadmissionpolicystatus/validatingAdmissionPolicyStatusController.ts';

/** The controllers that a cluster can start without: they begin when its second load has arrived. */
export const laterControllers: readonly Controller[] = [
  endpointSliceMirroringController,
  replicationControllerController,
  podGarbageCollectorController,
  resourceQuotaController,
  jobController,
  horizontalPodAutoscalerController,
  disruptionController,
  statefulSetController,
  cronJobController,
  persistentVolumeController,
  attachDetachController,
  expandController,
  ephemeralVolumeController,
  pvcProtectionController,
  pvProtectionController,
  ttlAfterFinishedController,
  validatingAdmissionPolicyStatusController,
  clusterRoleAggregationController,
  serviceAccountTokenController,
  certificateApprovingController,
  certificateSigningController,
  certificateCleanerController,
  legacyTokenCleanerController,
];
