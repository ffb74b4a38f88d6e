import {
  beginLesson,
  checkLesson,
  continueLesson,
  type Facts,
  type Lesson,
  type LessonState,
} from '#classroom/lesson.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { prefixEnd } from '#kubernetes/etcd/etcd.ts';
import type { Session } from './session.ts';

/** Kinds that no lesson asks about: Leases and Events would be read at every heartbeat. */
const neverAsked = new Set(['leases', 'events', 'endpoints']);

/** Follows one lesson over a session: it only looks, after slices, when something was written. */
export class LessonRunner {
  readonly lesson: Lesson;
  readonly #session: Session;
  #state: LessonState;
  #seen = '';

  constructor(session: Session, lesson: Lesson) {
    this.#session = session;
    this.lesson = lesson;
    this.#state = beginLesson(lesson, this.#facts());
  }

  get state(): LessonState {
    return this.#state;
  }

  /** Checks the step at hand; true when the state changed. */
  look(): boolean {
    const { etcd } = this.#session.cluster;
    const now = `${etcd.revision}/${this.#session.inputs.length}`;
    if (now === this.#seen) return false;
    this.#seen = now;
    return this.#become(checkLesson(this.lesson, this.#state, this.#facts()));
  }

  /** Goes on from a step that has nothing to check. */
  continue(): boolean {
    return this.#become(continueLesson(this.lesson, this.#state, this.#facts()));
  }

  #become(state: LessonState): boolean {
    const changed = state !== this.#state;
    this.#state = state;
    return changed;
  }

  #facts(): Facts {
    const { cluster, inputs } = this.#session;
    const objects: Record<string, readonly KubeObject[]> = {};
    for (const kind of cluster.apiServer.kinds.all) {
      if (kind.storage || neverAsked.has(kind.plural)) continue;
      const prefix = `/registry/${kind.plural}/`;
      const { kvs } = cluster.etcd.range({ from: prefix, end: prefixEnd(prefix) });
      objects[kind.plural] = kvs
        .map((kv) => kv.value!)
        .filter(({ metadata }) => metadata.namespace !== 'kube-system');
    }
    const commands = inputs.flatMap(({ input }) =>
      input.type === 'terminalInput' ? [input.text.trim()] : [],
    );
    const [version = ''] = cluster.controlPlanes.map(({ front }) => front.version).sort();
    return { objects, commands, version };
  }
}
