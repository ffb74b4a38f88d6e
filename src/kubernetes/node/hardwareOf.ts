import { milliValue, unitValue } from '#kubernetes/apimachinery/quantity.ts';
import type { Hardware } from '#world/machine/hardware.ts';
import type { MachineSize } from './nodeStatus.ts';

/** What the system itself uses of a machine's memory. */
export const systemBytes = 400 * 1024 * 1024;

/** A pod on the machine, as far as its memory goes. */
interface Occupant {
  readonly slots: readonly {
    readonly container: { readonly isRunning: boolean; readonly memoryBytes: number } | null;
  }[];
}

/** A node's machine as the programs on it see it. */
export function hardwareOf(size: MachineSize, workers: ReadonlyMap<string, Occupant>): Hardware {
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
