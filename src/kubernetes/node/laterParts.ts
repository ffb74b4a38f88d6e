import { findScript } from '#world/machine/script.ts';
import { isInCrashLoop } from './crashLoop.ts';
import { terminationMessage } from './terminationMessage.ts';
import { visitorStatuses } from './visitorStatuses.ts';
import { NodeDevices } from './devices/nodeDevices.ts';
import { EvictionManager } from './eviction/evictionManager.ts';
import { ChargedFiles } from './chargedFiles.ts';
import { MountedClaims } from './claimVolumes.ts';
import { checkEmptyDir, sizeEmptyDir } from './emptyDirs.ts';
import { admitToNode } from './generalAdmission.ts';
import { checkHostPath, hostPathFiles } from './hostPaths.ts';
import { hardwareOf } from './hardwareOf.ts';
import type { FleetParts } from './nodeFleet.ts';
import { runHook } from './lifecycleHook.ts';
import { furnish } from './managedFiles.ts';
import { downwardFiles, ownVariables } from './ownVariables.ts';
import { neighbours } from './processNamespace.ts';
import { pullCredentials } from './pullSecrets.ts';
import { Resizes } from './resizes.ts';
import { sandboxProblem } from './sandboxProblem.ts';
import { checkNonRoot, enter, userOf } from './securityContext.ts';
import { checkSubPaths } from './subPaths.ts';
import { volumeAccess } from './volumeAccess.ts';

export const laterParts: FleetParts = {
  startEviction: (fleet) => new EvictionManager(fleet),
  startResizes: (fleet) => new Resizes(fleet),
  startDevices: (fleet) => new NodeDevices(fleet),
  ownVariables,
  downwardFiles,
  hardwareOf,
  runHook,
  isInCrashLoop,
  terminationMessage,
  visitorStatuses,
  furnish,
  neighbours,
  checkEmptyDir,
  sizeEmptyDir,
  chargedFiles: (files, charge) => new ChargedFiles(files, charge),
  checkHostPath,
  hostPathFiles,
  pullCredentials,
  sandboxProblem,
  admitToNode,
  userOf,
  enter,
  findScript,
  volumeAccess,
  checkContainer(pod, container, environment) {
    checkNonRoot(pod, container);
    checkSubPaths(container, environment);
  },
  claimVolumes: (context) => new MountedClaims(context),
};
