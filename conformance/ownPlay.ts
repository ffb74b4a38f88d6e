import { Play } from '../src/session/testPlay.ts';
import type { Block } from '../src/session/testTranscript.ts';
import { objectsOf } from './objects.ts';
import { fileOf, scenario, startMs, typingMs, upstreamOnly, waitOf, withExitCode } from './transcripts.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Plays a whole transcript with the kubectl of a session's own terminal. */
export async function playOwn(blocks: readonly Block[]): Promise<readonly Block[]> {
  const play = new Play(scenario, 'transcript', hop);
  await play.wait(startMs);
  play.takeOutput();
  await play.type('export KUBE_EDITOR=true');
  play.takeOutput();
  const played: Block[] = [];
  for (const block of blocks)
    played.push(upstreamOnly(block.act) === null ? { ...block, output: await act(play, block.act) } : block);
  return played;
}

async function act(play: Play, text: string): Promise<string> {
  if (text === '@objects') return objectsOf(play.session);
  const waitMs = waitOf(text);
  const file = fileOf(text);
  if (waitMs !== null) await play.wait(waitMs);
  else if (file !== null) {
    play.input({ type: 'writeFile', ...file });
    await play.wait(0);
  } else {
    await play.wait(typingMs);
    const ended = await play.type(text);
    const output = play.takeOutput();
    if (!ended) return `${output}\n… still running`;
    await play.type('echo $?');
    return withExitCode(`${output}\n`, Number(play.takeOutput()));
  }
  play.takeOutput();
  return '';
}
