import type { ContainerScope } from '#world/machine/image.ts';
import { defineImage, defineServer, mb, mib } from './image.ts';
import { debianTools } from './tools.ts';

const directory = '/var/lib/kubelet/device-plugins';
const socket = `${directory}/nvidia-gpu.sock`;
const resourceName = 'nvidia.com/gpu';
const driverDirectory = '/proc/driver/nvidia/gpus';

/** The GPUs that the driver shows, by id. */
function gpuIds({ files }: ContainerScope): string[] {
  if (files.status(driverDirectory) === null) return [];
  return files
    .list(driverDirectory)
    .flatMap(
      (bus) => /GPU UUID: \t (.*)/.exec(files.read(`${driverDirectory}/${bus}/information`))?.[1] ?? [],
    );
}

/** Offers the node's GPUs to the kubelet, which learns of them by a socket in its directory. */
function serve(container: ContainerScope): number | void {
  const { files } = container;
  container.log('Starting FS watcher for /var/lib/kubelet/device-plugins\n');
  if (files.status(directory) === null) {
    container.log(
      `Error: error starting plugins: failed to create FS watcher for ${directory}/: no such file or directory\n`,
    );
    return 1;
  }
  container.log('Starting OS watcher.\nStarting Plugins.\nLoading configuration.\nRetrieving plugins.\n');
  const ids = gpuIds(container);
  if (ids.length === 0) {
    container.log(
      'Incompatible strategy detected auto\nIf this is a GPU node, did you configure the NVIDIA Container Toolkit?\nIf this is not a GPU node, you should set up a toleration or nodeSelector to only deploy this plugin on GPU nodes\nNo devices found. Waiting indefinitely.\n',
    );
    return;
  }
  const devices = ids.map((id) => ({ id, health: 'Healthy' }));
  container.log(
    `Starting GRPC server for '${resourceName}'\nStarting to serve '${resourceName}' on ${socket}\n`,
  );
  files.write(socket, JSON.stringify({ resourceName, devices, variable: 'NVIDIA_VISIBLE_DEVICES' }));
  container.log(`Registered device plugin for '${resourceName}' with Kubelet\n`);
}

const server = defineServer({
  startMs: 800,
  memoryIdleBytes: 24 * mib,
  ports: [],
  onStart: serve,
  onEnd({ files }) {
    if (files.status(socket) !== null) files.remove(socket);
  },
});

/** NVIDIA's device plugin. Its container sees all GPUs of its node. */
export const nvidiaDevicePlugin = defineImage({
  name: 'nvcr.io/nvidia/k8s-device-plugin',
  tags: ['v0.18.0', 'v0.17.4', 'v0.17.1', 'v0.17.0', 'v0.16.2', 'v0.15.0', 'v0.14.5'],
  sizeBytes: 180 * mb,
  entrypoint: ['nvidia-device-plugin'],
  environment: { NVIDIA_VISIBLE_DEVICES: 'all', NVIDIA_DRIVER_CAPABILITIES: 'utility' },
  programs: debianTools,
  serverFor: (args) => (args.some((arg) => arg.endsWith('nvidia-device-plugin')) ? server : undefined),
});
