/** The few ways in which a kind's pure functions change an object: each returns its argument when nothing changed (D4). */

/** `object` with those of `values` that it leaves unset (missing, or an empty string as Go sees it). */
export function withDefaults<T extends object>(object: T, values: Partial<T>): T {
  let next: T | undefined;
  for (const key in values) {
    const value = values[key];
    const given: unknown = object[key];
    const isSet = given !== undefined && (given !== '' || value === '');
    if (value === undefined || isSet) continue;
    next ??= { ...object };
    next[key] = value;
  }
  return next ?? object;
}

/** `object` with one field set; `undefined` removes it. */
export function withField<T extends object, K extends keyof T>(
  object: T,
  key: K,
  value: T[K] | undefined,
): T {
  if (object[key] === value) return object;
  if (value !== undefined) return { ...object, [key]: value };
  const { [key]: _removed, ...rest } = object;
  return rest as T;
}

/** `list` with every element changed; the list itself when no element did. */
export function mapList<L extends readonly unknown[] | undefined>(
  list: L,
  change: (element: NonNullable<L>[number]) => NonNullable<L>[number],
): L {
  if (list === undefined) return list;
  let changed = false;
  const mapped = list.map((element) => {
    const next = change(element);
    if (next !== element) changed = true;
    return next;
  });
  return changed ? (mapped as unknown as L) : list;
}

/** `compute`, asked once per argument by identity. Right for immutable arguments only. */
export function remembered<A extends object, R>(compute: (argument: A) => R): (argument: A) => R {
  const answers = new WeakMap<A, { readonly answer: R }>();
  return (argument) => {
    let known = answers.get(argument);
    if (known === undefined) {
      known = { answer: compute(argument) };
      answers.set(argument, known);
    }
    return known.answer;
  };
}

/** As `remembered`, for a function that completes its argument: what is complete already is known to be. */
export function rememberedCompletion<A extends object>(complete: (argument: A) => A): (argument: A) => A {
  const answers = new WeakMap<A, A>();
  return (argument) => {
    let answer = answers.get(argument);
    if (answer === undefined) {
      answer = complete(argument);
      answers.set(argument, answer);
      answers.set(answer, answer);
    }
    return answer;
  };
}
