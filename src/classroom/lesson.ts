import { celValue, compileCel, type CelExpression } from '#kubernetes/apimachinery/cel.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';

/** A lesson's data, from `lesson.yaml`; its words are in `content.LANGUAGE.md`. A shared one is untrusted input. */
export interface Lesson {
  readonly id: string;
  /** The scenario that it starts from. */
  readonly scenario: string;
  readonly steps: readonly LessonStep[];
}

export interface LessonStep {
  /** Names the step's section in the content. */
  readonly id: string;
  /** CEL expressions whose values are taken when the step begins, read as `before.NAME`. */
  readonly remember?: Readonly<Record<string, string>>;
  /** The step is done when this becomes true. Absent for a step that is only read or answered. */
  readonly check?: { readonly eventually: string };
  /** A question to be answered before acting; `answer` is the number of the right choice, from 1. */
  readonly predict?: { readonly answer: number };
  /** Known wrong states: the first whose expression is true shows its hint. */
  readonly hints?: readonly { readonly id: string; readonly when: string }[];
  /** A command that a click puts into the terminal. */
  readonly suggest?: string;
}

/** What checks may ask about: lists of objects by plural (without kube-system's), what was typed, and the API server's version. */
export interface Facts {
  readonly objects: Readonly<Record<string, readonly KubeObject[]>>;
  readonly commands: readonly string[];
  /** The release of the API server, `v1.36.0`; the oldest where there are several. */
  readonly version: string;
}

/** Where a learner is in a lesson. */
export interface LessonState {
  /** Index of the step at hand; the number of steps when all are done. */
  readonly at: number;
  readonly before: Readonly<Record<string, unknown>>;
  /** Id of the hint that fits, or null. */
  readonly hint: string | null;
}

const compiled = new Map<string, CelExpression | null>();
/** Expressions kept compiled; a lesson has a few dozen. */
const compiledMax = 1_000;

function evaluate(text: string, variables: Record<string, unknown>): unknown {
  let expression = compiled.get(text);
  if (expression === undefined) {
    try {
      expression = compileCel(text);
    } catch {
      expression = null;
    }
    if (compiled.size >= compiledMax) compiled.clear();
    compiled.set(text, expression);
  }
  try {
    return expression?.(variables);
  } catch {
    // A field that is not there yet is the usual reason: the answer is "not so".
    return undefined;
  }
}

function variablesOf(facts: Facts, before: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const lists = Object.entries(facts.objects).map(([plural, objects]) => [plural, objects.map(celValue)]);
  return { ...Object.fromEntries(lists), commands: facts.commands, version: facts.version, before };
}

/** The state of someone who opens the lesson. */
export function beginLesson(lesson: Lesson, facts: Facts): LessonState {
  return enter(lesson, 0, facts);
}

function enter(lesson: Lesson, at: number, facts: Facts): LessonState {
  const variables = variablesOf(facts, {});
  const remembered = Object.entries(lesson.steps[at]?.remember ?? {}).map(([name, text]) => [
    name,
    evaluate(text, variables),
  ]);
  return { at, before: Object.fromEntries(remembered), hint: null };
}

/** The state after looking at the facts: the next step when the check holds, else perhaps a hint. */
export function checkLesson(lesson: Lesson, state: LessonState, facts: Facts): LessonState {
  const step = lesson.steps[state.at];
  if (step === undefined) return state;
  const variables = variablesOf(facts, state.before);
  if (step.check !== undefined && evaluate(step.check.eventually, variables) === true) {
    return enter(lesson, state.at + 1, facts);
  }
  const hint = step.hints?.find((entry) => evaluate(entry.when, variables) === true)?.id ?? null;
  return hint === state.hint ? state : { ...state, hint };
}

/** Goes on from a step without a check, once it was read or its question answered. */
export function continueLesson(lesson: Lesson, state: LessonState, facts: Facts): LessonState {
  const step = lesson.steps[state.at];
  return step === undefined || step.check !== undefined ? state : enter(lesson, state.at + 1, facts);
}
