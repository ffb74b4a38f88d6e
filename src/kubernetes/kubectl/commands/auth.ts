// Upstream: kubectl/pkg/cmd/auth/auth.go
import type { Command } from '../command.ts';
import { canI } from './auth/canI.ts';
import { reconcile } from './auth/reconcile.ts';
import { whoami } from './auth/whoami.ts';

export const auth: Command = {
  name: 'auth',
  group: 'Troubleshooting and Debugging Commands',
  summary: 'Inspect authorization',
  usage: 'auth [flags]',
  subcommands: [canI, reconcile, whoami],
};
