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
      case 'status': {
        const state = kubelet.isRunning ? 'active (running)' : 'inactive (dead)';
        await process.stdout.write(
          `${kubelet.isRunning ? '●' : '○'} kubelet.service - kubelet: The Kubernetes Node Agent\n     Loaded: loaded (/usr/lib/systemd/system/kubelet.service; enabled; preset: enabled)\n     Active: ${state}\n`,
        );
        return kubelet.isRunning ? 0 : 3;
      }
      default:
        await process.stderr.write(`Unknown command verb ${verb}.\n`);
        return 1;
    }
  };
}

/** `kubelet --version`; the kubelet that runs is started by systemd. */
export function kubeletCommand({ identity }: Kubelet): Program {
  return async (process) => {
    if (process.args[1] === '--version') {
      await process.stdout.write(`Kubernetes ${identity.version}\n`);
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
