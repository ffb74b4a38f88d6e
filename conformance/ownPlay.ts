import { Play } from '../src/session/testPlay.ts';
import type { Block } from '../src/session/testTranscript.ts';
import { type Answer, noteAnswers } from './answers.ts';
import { objectsOf } from './objects.ts';
import { fileOf, scenario, startMs, typingMs, upstreamOnly, waitOf, withExitCode } from './transcripts.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Is told what each act printed, and what its kubectl got from the server. */
type Witness = (at: number, output: string, answers: readonly Answer[]) => void;

/** Plays a whole transcript with the kubectl of a session's own terminal. */
export async function playOwn(blocks: readonly Block[], witness?: Witness): Promise<readonly Block[]> {
  const play = new Play(scenario, 'transcript', hop);
  // Before the terminal's programs are loaded, which keep the way to the server.
  const answers = noteAnswers(play.session.cluster.apiServer);
  await play.wait(startMs);
  play.takeOutput();
  await play.type('export KUBE_EDITOR=true');
  play.takeOutput();
  const played: Block[] = [];
  for (const [at, block] of blocks.entries()) {
    if (upstreamOnly(block.act) !== null) {
      played.push(block);
      continue;
    }
    answers.length = 0;
    const output = await act(play, block.act);
    witness?.(at, output, answers);
    played.push({ ...block, output });
  }
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
