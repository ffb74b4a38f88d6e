// Imported for its effect, by laterKinds.ts: whoever lets others write knows what can be wrong with a pod.
import { checkEphemeralContainers } from './ephemeralContainers.ts';
import { checkPlacement } from './placementChecks.ts';
import { checkResources } from './podResourceChecks.ts';
import { addPodSpecChecks } from './podSpecChecks.ts';
import { checkVolumes } from './podVolumeChecks.ts';
import { checkSecurity } from './securityChecks.ts';

addPodSpecChecks([checkVolumes, checkResources, checkEphemeralContainers, checkSecurity, checkPlacement]);
