import { milliValue, unitValue } from '#kubernetes/apimachinery/quantity.ts';
import type { Hardware } from '#world/machine/hardware.ts';
import type { MachineSize } from './nodeStatus.ts';
import type { PodWorker } from './podWorker.ts';
import { systemBytes } from './resourceMetrics.ts';

/** A node's machine as the programs on it see it. */
export function hardwareOf(size: MachineSize, workers: ReadonlyMap<string, PodWorker>): Hardware {
  return {
    cores: Math.max(1, Math.floor(milliValue(size.cpu) / 1000)),
    memoryBytes: unitValue(size.memory),
    memoryUsedBytes() {
      let bytes = systemBytes;
      for (const { slots } of workers.values())
        for (const { container } of slots) if (container?.isRunning) bytes += container.memoryBytes;
      return bytes;
    },
  };
}
