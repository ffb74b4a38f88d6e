import type { Command } from '../command.ts';
import { rolloutHistory } from './rollout/history.ts';
import { rolloutPause, rolloutRestart, rolloutResume } from './rollout/change.ts';
import { rolloutStatus } from './rollout/status.ts';
import { rolloutUndo } from './rollout/undo.ts';

export const rollout: Command = {
  name: 'rollout',
  group: 'Deploy Commands',
  summary: 'Manage the rollout of a resource',
  long: 'Manage the rollout of one or many resources.\n        \n Valid resource types include:\n\n  *  deployments\n  *  daemonsets\n  *  statefulsets',
  examples: [
    ['Rollback to the previous deployment', 'kubectl rollout undo deployment/abc'],
    ['Check the rollout status of a daemonset', 'kubectl rollout status daemonset/foo'],
    ['Restart a deployment', 'kubectl rollout restart deployment/abc'],
    [
      "Restart deployments with the 'app=nginx' label",
      'kubectl rollout restart deployment --selector=app=nginx',
    ],
  ],
  usage: 'rollout SUBCOMMAND',
  subcommands: [rolloutHistory, rolloutPause, rolloutRestart, rolloutResume, rolloutStatus, rolloutUndo],
};
