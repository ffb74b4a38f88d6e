// Imported for its effect, by laterKinds.ts: whoever lets others write knows what can be wrong with what they write.
import type { DaemonSet, Deployment, ReplicaSet } from '#generated/types/apps.v1.ts';
import { daemonSets } from './apps/daemonSet.ts';
import { deployments } from './apps/deployment.ts';
import { replicaSets } from './apps/replicaSet.ts';
import { nodes } from './core/node.ts';
import { pods } from './core/pod.ts';
import { secrets } from './core/secret.ts';
import { services } from './core/service.ts';
import { daemonSetRules } from './daemonSetChecks.ts';
import { deploymentRules } from './deploymentChecks.ts';
import { checkEphemeralContainers } from './ephemeralContainers.ts';
import { validateNotNegative } from './fieldChecks.ts';
import { addLaterRules } from './laterRules.ts';
import { nodeRules } from './nodeChecks.ts';
import { checkPlacement } from './placementChecks.ts';
import { completeResources } from './podLevelResources.ts';
import { checkResources } from './podResourceChecks.ts';
import { addPodSpecChecks } from './podSpecChecks.ts';
import { checkVolumes } from './podVolumeChecks.ts';
import { validateReplicaCounts } from './replicaCounts.ts';
import { secretRules } from './secretChecks.ts';
import { checkSecurity } from './securityChecks.ts';
import { serviceRules } from './serviceChecks.ts';
import { validatePodStatusUpdate, validatePodUpdate } from './podUpdate.ts';
import { hostnameWarnings, podSpecWarnings, templateWarnings } from './podWarnings.ts';
import { withField } from './sharing.ts';

/** As the pods of the template will be warned of. */
const ofTemplate = {
  warnings: ({ metadata, spec }: DaemonSet | Deployment | ReplicaSet) =>
    templateWarnings(metadata.name, spec.template),
};

addLaterRules(daemonSets, { ...daemonSetRules, ...ofTemplate });
addLaterRules(deployments, { ...deploymentRules, ...ofTemplate });
addLaterRules(pods, {
  completed: (pod) => withField(pod, 'spec', completeResources(pod.spec)),
  validateUpdate: validatePodUpdate,
  validateStatusUpdate: validatePodStatusUpdate,
  warnings: ({ metadata, spec }) => [
    ...hostnameWarnings(metadata.name, "the Pod's hostname"),
    ...podSpecWarnings('spec', spec),
  ],
});
addLaterRules(replicaSets, {
  ...ofTemplate,
  validateStatusUpdate: ({ status }) => [
    ...validateNotNegative('status.observedGeneration', status.observedGeneration),
    ...validateReplicaCounts(status),
  ],
});
addLaterRules(nodes, nodeRules);
addLaterRules(secrets, secretRules);
addLaterRules(services, serviceRules);
addPodSpecChecks([checkVolumes, checkResources, checkEphemeralContainers, checkSecurity, checkPlacement]);
