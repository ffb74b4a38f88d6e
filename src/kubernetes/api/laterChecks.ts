// Imported for its effect, by laterKinds.ts: whoever lets others write knows what can be wrong with what they write.
import { daemonSets } from './apps/daemonSet.ts';
import { nodes } from './core/node.ts';
import { secrets } from './core/secret.ts';
import { services } from './core/service.ts';
import { daemonSetRules } from './daemonSetChecks.ts';
import { checkEphemeralContainers } from './ephemeralContainers.ts';
import { addLaterRules } from './laterRules.ts';
import { nodeRules } from './nodeChecks.ts';
import { checkPlacement } from './placementChecks.ts';
import { checkResources } from './podResourceChecks.ts';
import { addPodSpecChecks } from './podSpecChecks.ts';
import { checkVolumes } from './podVolumeChecks.ts';
import { secretRules } from './secretChecks.ts';
import { checkSecurity } from './securityChecks.ts';
import { serviceRules } from './serviceChecks.ts';

addLaterRules(daemonSets, daemonSetRules);
addLaterRules(nodes, nodeRules);
addLaterRules(secrets, secretRules);
addLaterRules(services, serviceRules);
addPodSpecChecks([checkVolumes, checkResources, checkEphemeralContainers, checkSecurity, checkPlacement]);
