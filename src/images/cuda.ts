import type { Program } from '#world/machine/program.ts';
import { defineImage, mb } from './image.ts';
import { and, debianTools } from './tools.ts';

/** NVIDIA's sample: adds two vectors on a GPU, and says whether it could. */
const vectorAdd: Program = async (process) => {
  await process.stdout.write('[Vector addition of 50000 elements]\n');
  const gpus = process.files.list('/dev').filter((name) => /^nvidia\d+$/.test(name));
  if (gpus.length === 0) {
    await process.stderr.write(
      'Failed to allocate device vector A (error code CUDA driver version is insufficient for CUDA runtime version)!\n',
    );
    return 1;
  }
  await process.sleep(400);
  await process.stdout.write(
    'Copy input data from the host memory to the CUDA device\nCUDA kernel launch with 196 blocks of 256 threads\nCopy output data from the CUDA device to the host memory\nTest PASSED\nDone\n',
  );
  return 0;
};

export const cudaSample = defineImage({
  name: 'nvcr.io/nvidia/k8s/cuda-sample',
  tags: ['vectoradd-cuda12.5.0', 'vectoradd-cuda11.7.1', 'vectoradd-cuda10.2'],
  sizeBytes: 140 * mb,
  entrypoint: ['/cuda-samples/vectorAdd'],
  programs: and(debianTools, new Map([['/cuda-samples/vectorAdd', vectorAdd]])),
});

const cudaBase = {
  tags: [
    '13.0.1-base-ubuntu24.04',
    '12.9.1-base-ubuntu24.04',
    '12.5.0-base-ubuntu22.04',
    '12.4.1-base-ubuntu22.04',
  ],
  sizeBytes: 90 * mb,
  command: ['bash'],
  programs: debianTools,
};

/** Ubuntu with the CUDA runtime. `nvidia-smi` comes from the node, to containers that have a GPU. */
export const cuda = defineImage({ name: 'nvidia/cuda', ...cudaBase });
export const cudaFromNvidia = defineImage({ name: 'nvcr.io/nvidia/cuda', ...cudaBase });
