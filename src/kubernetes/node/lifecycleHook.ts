// Upstream: pkg/kubelet/lifecycle/handlers.go
import type { LifecycleHandler } from '#generated/types/core.v1.ts';
import type { Host, Network } from '#world/network/network.ts';
import type { Container } from './container.ts';
import { checkHttp } from './httpCheck.ts';

/** Runs a postStart or preStop hook; it is given up after `timeoutMs`. `done` gets an error or null. */
export function runHook(
  hook: LifecycleHandler,
  container: Container,
  pod: Host & { readonly address: string },
  network: Network,
  timeoutMs: number,
  done: (error: string | null, tookMs: number) => void,
): void {
  const { simulation } = container;
  const beganMs = simulation.nowMs;
  let isDone = false;
  const finish = (error: string | null) => {
    if (isDone) return;
    isDone = true;
    done(error, simulation.nowMs - beganMs);
  };
  if (timeoutMs !== Infinity) simulation.after(timeoutMs, () => finish(null));
  if (hook.sleep) simulation.after(hook.sleep.seconds * 1000, () => finish(null));
  else if (hook.exec) {
    const process = container.exec(hook.exec.command ?? [], {});
    if (typeof process === 'string') finish(process);
    else process.onExit((code) => finish(code === 0 ? null : `command exited with ${code}`));
  } else if (hook.httpGet) {
    finish(checkHttp(hook.httpGet, container.spec, pod, network, Infinity).failure);
  } else finish(null);
}
