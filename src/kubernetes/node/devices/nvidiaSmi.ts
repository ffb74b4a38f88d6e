import type { FileSystem } from '#world/machine/fileSystem.ts';
import type { Process, Program } from '#world/machine/program.ts';

/** Where the driver shows its GPUs. */
const directory = '/proc/driver/nvidia/gpus';

/** Memory by model, in MiB. */
const memoryMib: Readonly<Record<string, number>> = {
  'NVIDIA A100-SXM4-40GB': 40_960,
  'NVIDIA H100 80GB HBM3': 81_559,
  'Tesla T4': 15_360,
  'Tesla V100-SXM2-16GB': 16_384,
};
const memoryDefaultMib = 16_384;

interface Gpu {
  readonly model: string;
  readonly id: string;
  readonly bus: string;
}

function gpusOf(files: FileSystem): Gpu[] {
  if (files.status(directory) === null) return [];
  return files.list(directory).map((bus) => {
    const information = files.read(`${directory}/${bus}/information`);
    return {
      model: /Model: \t\t (.*)/.exec(information)?.[1] ?? '',
      id: /GPU UUID: \t (.*)/.exec(information)?.[1] ?? '',
      bus: bus.toUpperCase(),
    };
  });
}

/** `nvidia-smi` and `nvidia-smi -L`: the GPUs that can be seen here. What runs on them is not simulated. */
export const nvidiaSmi: Program = async (process) => {
  const gpus = gpusOf(process.files);
  const [option] = process.args.slice(1);
  if (gpus.length === 0) {
    await process.stdout.write('No devices were found\n');
    return 6;
  }
  if (option === '-L' || option === '--list-gpus') {
    for (const [index, { model, id }] of gpus.entries())
      await process.stdout.write(`GPU ${index}: ${model} (UUID: ${id})\n`);
    return 0;
  }
  if (option !== undefined) {
    await process.stderr.write(
      `nvidia-smi: Podarium simulates the summary and -L only, not ${JSON.stringify(option)}\n`,
    );
    return 2;
  }
  await summarize(process, gpus);
  return 0;
};

const rule = (dash: string) => `+${[41, 24, 22].map((width) => dash.repeat(width)).join('+')}+\n`;

async function summarize({ stdout, simulation }: Process, gpus: readonly Gpu[]): Promise<void> {
  const wide = 89;
  const line = (text: string) => `| ${text.padEnd(wide - 2)} |\n`;
  const edge = `+${'-'.repeat(wide)}+\n`;
  const time = new Date(simulation.nowMs).toUTCString().slice(0, 25);
  await stdout.write(
    `${time}\n${edge}${line('NVIDIA-SMI 580.95.05        Driver Version: 580.95.05        CUDA Version: 13.0')}`,
  );
  await stdout.write(rule('-'));
  await stdout.write(cells('GPU  Name', 'Bus-Id', 'GPU-Util'));
  await stdout.write(cells('', 'Memory-Usage', 'Compute M.'));
  await stdout.write(rule('='));
  for (const [index, { model, bus }] of gpus.entries()) {
    const memory = `0MiB / ${memoryMib[model] ?? memoryDefaultMib}MiB`;
    await stdout.write(cells(`${String(index).padStart(3)}  ${model}`, bus, '0%'));
    await stdout.write(cells('', memory, 'Default'));
    await stdout.write(rule('-'));
  }
}

function cells(left: string, middle: string, right: string): string {
  return `| ${left.padEnd(39)} | ${middle.padStart(22)} | ${right.padStart(20)} |\n`;
}
