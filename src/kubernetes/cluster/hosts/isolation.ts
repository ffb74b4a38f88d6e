import type { OpenStream } from '../apiFront.ts';
import type { Cluster } from '../cluster.ts';

/** HTTP/2's pings have shown by then that a peer is gone. Upstream: golang.org/x/net/http2, client-go's timeouts. */
const peerLostMs = 45_000;

/** Cuts a machine off from all others, or joins it again: what runs on it goes on, and hears of nothing. */
export function isolation(cluster: Cluster): Cluster['isolate'] {
  const { network, nodes, controlPlanes, simulation } = cluster;
  /** Streams that bring nothing more, and whose clients do not know it yet. */
  let severed: OpenStream[] = [];
  const endSevered = () => {
    const streams = severed;
    severed = [];
    for (const { end } of streams) end();
  };
  const sever = () => {
    for (const { streams, node } of controlPlanes.map(({ front }) => front))
      for (const stream of streams) {
        if (!network.isCut(stream.machine, node)) continue;
        streams.delete(stream);
        severed.push(stream);
        stream.close();
      }
    simulation.after(peerLostMs, endSevered);
  };
  return (name, isIsolated) => {
    if (network.isIsolated(name) === isIsolated) return;
    network.isolate(name, isIsolated);
    cluster.etcdProcesses.settle?.();
    // A kube-proxy that hears of nothing new keeps the rules that it has.
    const proxy = nodes.proxies.get(name);
    if (isIsolated) proxy?.stop();
    else if (cluster.component('kube-proxy', name)?.isRunning) proxy?.start();
    if (isIsolated) sever();
    else endSevered();
  };
}
