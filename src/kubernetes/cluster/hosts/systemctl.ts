import type { Kubelet } from '#kubernetes/node/kubelet.ts';
import type { Program } from '#world/machine/program.ts';
import type { Cluster } from '../cluster.ts';
import { reboot } from './reboot.ts';

const units = ['kubelet', 'kubelet.service'];

/** `systemctl start|stop|restart|status|is-active kubelet`; there is no other unit. */
export function systemctl(cluster: Cluster, node: string): Program {
  return async (process) => {
    const [verb = '', unit = ''] = process.args.slice(1).filter((word) => !word.startsWith('-'));
    const kubelet = cluster.component('kubelet', node)!;
    if (verb === 'daemon-reload') return 0;
    if (verb === 'reboot') {
      reboot(cluster, node);
      return 0;
    }
    if (!units.includes(unit)) {
      await process.stderr.write(`Unit ${unit}${unit.includes('.') ? '' : '.service'} could not be found.\n`);
      return 4;
    }
    switch (verb) {
      case 'stop':
        kubelet.stop();
        return 0;
      case 'start':
        kubelet.start();
        return 0;
      case 'restart':
        kubelet.stop();
        kubelet.start();
        return 0;
      case 'is-active':
        await process.stdout.write(kubelet.isRunning ? 'active\n' : 'inactive\n');
        return kubelet.isRunning ? 0 : 3;
      case 'status':
        await process.stdout.write(statusOf(cluster, node, process.simulation.nowMs));
        return kubelet.isRunning ? 0 : 3;
      case 'enable':
      case 'disable':
        return 0;
      default:
        await process.stderr.write(`Unknown command verb ${verb}.\n`);
        return 1;
    }
  };
}

/** What systemd says of the kubelet. */
function statusOf({ nodes }: Cluster, node: string, nowMs: number): string {
  const { isRunning, startedMs, stoppedMs } = nodes.kubelets.get(node)!;
  const sinceMs = isRunning ? startedMs : stoppedMs;
  const state = `${isRunning ? 'active (running)' : 'inactive (dead)'} since ${formatDate(sinceMs)}; ${formatAge(nowMs - sinceMs)} ago`;
  return [
    `${isRunning ? '●' : '○'} kubelet.service - kubelet: The Kubernetes Node Agent`,
    '     Loaded: loaded (/usr/lib/systemd/system/kubelet.service; enabled; preset: enabled)',
    '    Drop-In: /usr/lib/systemd/system/kubelet.service.d',
    '             └─10-kubeadm.conf',
    `     Active: ${state}`,
    '       Docs: https://kubernetes.io/docs/',
    '',
  ].join('\n');
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Mon 2026-01-05 09:00:00 UTC` */
function formatDate(ms: number): string {
  const date = new Date(ms);
  const time = date.toISOString();
  return `${days[date.getUTCDay()]} ${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
}

/** Upstream: systemd's format_timespan, two units at most: `5s`, `3min 20s`, `2h 5min`. */
function formatAge(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  const two = (large: string, small: number, unit: string) =>
    small === 0 ? large : `${large} ${small}${unit}`;
  if (minutes === 0) return `${seconds}s`;
  if (hours === 0) return two(`${minutes}min`, seconds % 60, 's');
  if (hours < 24) return two(`${hours}h`, minutes % 60, 'min');
  return two(`${Math.floor(hours / 24)} day${hours < 48 ? '' : 's'}`, hours % 24, 'h');
}

/** `kubelet --version`; the kubelet that runs is started by systemd. */
export function kubeletCommand(kubelet: Kubelet): Program {
  return async (process) => {
    if (process.args[1] === '--version') {
      await process.stdout.write(`Kubernetes ${kubelet.installedVersion}\n`);
      return 0;
    }
    await process.stderr.write('kubelet is run by systemd: try `systemctl status kubelet`\n');
    return 1;
  };
}

export function rebootCommand(cluster: Cluster, node: string): Program {
  return async () => {
    reboot(cluster, node);
    return 0;
  };
}
