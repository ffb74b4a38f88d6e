import { readFileSync, writeFileSync } from 'node:fs';
import type { Recipe, StampedInput } from '#classroom/recipe.ts';
import { inputsMax, readShareLink, recipeBytesMax, writeShareLink } from '#classroom/shareLink.ts';

/** What a saved input takes beside itself: its stamp, and the recipe's own fields spread over all. */
const stampBytes = 64;
const headBytes = 1024;

/** The room that a session's log has, so that whoever reads the recording takes it. */
export class RecordingRoom {
  #bytesLeft: number;
  #inputsLeft = inputsMax;

  constructor(bytesMax = recipeBytesMax) {
    this.#bytesLeft = bytesMax - headBytes;
  }

  /** Takes the room of one more input; false when there is too little. */
  take({ input }: StampedInput): boolean {
    this.#bytesLeft -= Buffer.byteLength(JSON.stringify(input)) + stampBytes;
    return this.#bytesLeft >= 0 && this.#inputsLeft-- > 0;
  }
}

/** Writes a session as the page saves it and opens it: the text of a share link. */
export function writeRecording(file: string, recipe: Recipe): void {
  writeFileSync(file, writeShareLink(recipe));
}

/** Throws an Error with a sentence for a person. */
export function readRecording(file: string): Recipe {
  const read = readShareLink(readFileSync(file, 'utf8').trim());
  if (read.type === 'recipe') return read.recipe;
  throw new Error(`${file}: ${read.message}`);
}
