import { FileError, type FileSystem } from '#world/machine/fileSystem.ts';

/** Where plugins and the kubelet meet. */
export const pluginDirectory = '/var/lib/kubelet/device-plugins';

/** What a device plugin says over its socket: the file stands for the gRPC service behind it. */
export interface DevicePlugin {
  /** `nvidia.com/gpu`. */
  readonly resourceName: string;
  readonly devices: readonly {
    readonly id: string;
    readonly health: 'Healthy' | 'Unhealthy';
  }[];
  /** The variable that tells a container of its devices: their ids, joined by commas. */
  readonly variable: string;
}

/** The plugins whose sockets are in a node's directory, in the order of their names. What is none is passed over. */
export function readPlugins(files: FileSystem): DevicePlugin[] {
  if (files.status(pluginDirectory)?.type !== 'directory') return [];
  return files.list(pluginDirectory).flatMap((name) => {
    if (!name.endsWith('.sock')) return [];
    try {
      const plugin = JSON.parse(files.read(`${pluginDirectory}/${name}`)) as Partial<DevicePlugin> | null;
      return isPlugin(plugin) ? [plugin] : [];
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof FileError) return [];
      throw error;
    }
  });
}

function isPlugin(found: Partial<DevicePlugin> | null): found is DevicePlugin {
  return (
    typeof found?.resourceName === 'string' &&
    typeof found.variable === 'string' &&
    Array.isArray(found.devices) &&
    found.devices.every((device: unknown) => typeof (device as { id?: unknown } | null)?.id === 'string')
  );
}
