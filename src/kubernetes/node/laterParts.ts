import { checkHostPath, hostPathFiles } from './hostPaths.ts';
import type { KubeletParts } from './kubeletParts.ts';
import { furnish } from './managedFiles.ts';
import { checkSubPaths } from './subPaths.ts';

export const laterParts: KubeletParts = {
  furnish,
  checkHostPath,
  hostPathFiles,
  checkContainer: checkSubPaths,
};
