import type { Process, Program } from '#world/machine/program.ts';
import { defineImage, mb } from './image.ts';
import { and, debianTools } from './tools.ts';

const epochs = 10;
const epochMs = 2_800;
/** Losses fall by an eighth with each epoch, from this on; in ten-thousandths. */
const firstLoss = 23_026;

/** `python3 train.py [--fail-at-epoch N]`: prints an epoch every few seconds, and ends. */
const python: Program = async (process) => {
  const script = process.args[1];
  if (script === undefined || !script.endsWith('.py')) {
    await process.stderr.write(`Python 3.12.11 (simulated): only the image's own scripts run here\n`);
    return 1;
  }
  const name = script.slice(script.lastIndexOf('/') + 1);
  if (name !== 'train.py') {
    const path = `${process.workingDirectory}/${script}`.replaceAll('//', '/');
    await process.stderr.write(`python3: can't open file '${path}': [Errno 2] No such file or directory\n`);
    return 2;
  }
  const flag = process.args.indexOf('--fail-at-epoch');
  const failAt = Number(flag > 0 ? process.args[flag + 1] : (process.environment.get('FAIL_AT_EPOCH') ?? 0));
  return train(process, failAt);
};

async function train(process: Process, failAt: number): Promise<number> {
  await process.stdout.write('Loading data ... 60000 training samples, 10000 test samples\n');
  let loss = firstLoss;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    await process.sleep(epochMs);
    if (epoch === failAt) {
      await process.stderr.write(
        `Traceback (most recent call last):\n  File "/app/train.py", line 42, in <module>\n    loss = step(batch)\nRuntimeError: loss is not finite in epoch ${epoch}\n`,
      );
      return 1;
    }
    loss -= Math.floor(loss / 8);
    const accuracy = 9_900 - Math.floor(loss / 4);
    await process.stdout.write(
      `Epoch ${epoch}/${epochs} - loss: ${(loss / 10_000).toFixed(4)} - accuracy: ${(accuracy / 10_000).toFixed(4)}\n`,
    );
  }
  await process.stdout.write('Training done, model saved to /models/model.pt\n');
  return 0;
}

const parts = {
  sizeBytes: 780 * mb,
  command: ['python3', 'train.py'],
  workingDirectory: '/app',
  files: { '/app/train.py': '# Trains for ten epochs; `--fail-at-epoch N` makes it fail there.\n' },
  programs: and(debianTools, [
    ['python3', python],
    ['python', python],
  ]),
};

/** Trains a model for half a minute and ends. */
export const training = defineImage({ name: 'podarium/train', tags: ['latest', '1.0'], ...parts });

/** The same with a bug in it. */
export const failingTraining = defineImage({
  name: 'podarium/train-failing',
  tags: ['latest', '1.0'],
  ...parts,
  environment: { FAIL_AT_EPOCH: '4' },
});
