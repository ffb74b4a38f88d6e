// Upstream: pod-security-admission/api/helpers.go
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';

const levels = ['privileged', 'baseline', 'restricted'] as const;
export type Level = (typeof levels)[number];

/** A Pod Security Standard at one version. */
export interface LevelVersion {
  readonly level: Level;
  /** `latest` or `v1.30`. */
  readonly version: string;
}

/** What a namespace's labels ask for. */
export interface Policy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
  /** What is wrong with the labels; what they leave open is filled in all the same. */
  readonly errors: readonly FieldError[];
}

const prefix = 'pod-security.kubernetes.io/';
const privileged: LevelVersion = { level: 'privileged', version: 'latest' };
const defaults: Policy = { enforce: privileged, audit: privileged, warn: privileged, errors: [] };

/** `restricted:latest` */
export function describeLevel({ level, version }: LevelVersion): string {
  return `${level}:${version}`;
}

/** Above 0 where `a` is stricter than `b`. */
export function compareLevels(a: Level, b: Level): number {
  return levels.indexOf(a) - levels.indexOf(b);
}

export function minorOf({ version }: LevelVersion): number {
  return version === 'latest' ? Infinity : Number(version.slice('v1.'.length));
}

const known = new WeakMap<object, Policy>();

/** The policy of a namespace by its labels. Remembered by them. */
export function policyOf(labels: Readonly<Record<string, string>> | undefined): Policy {
  if (labels === undefined) return defaults;
  let policy = known.get(labels);
  if (policy === undefined) {
    policy = readPolicy(labels);
    known.set(labels, policy);
  }
  return policy;
}

/** One mode as its two labels say: undefined parts are not, or not well, set. */
function readMode(
  labels: Readonly<Record<string, string>>,
  mode: string,
): { level?: Level; version?: string; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const invalid = (label: string, value: string, why: string) =>
    errors.push(invalidValue(`metadata.labels[${label}]`, value, why));
  const level = labels[prefix + mode];
  const isLevel = level !== undefined && levels.includes(level as Level);
  if (level !== undefined && !isLevel) invalid(prefix + mode, level, `must be one of ${levels.join(', ')}`);
  const version = labels[`${prefix}${mode}-version`];
  const isVersion = version !== undefined && /^(latest|v1\.(\d|[1-9]\d*))$/.test(version);
  if (version !== undefined && !isVersion)
    invalid(`${prefix}${mode}-version`, version, 'must be "latest" or "v1.x"');
  return { ...(isLevel && { level: level as Level }), ...(isVersion && { version }), errors };
}

function readPolicy(labels: Readonly<Record<string, string>>): Policy {
  const isAsked = Object.keys(labels).some((label) => label.startsWith(prefix));
  if (!isAsked) return defaults;
  const [enforce, audit, warn] = ['enforce', 'audit', 'warn'].map((mode) => readMode(labels, mode));
  // A level that cannot be read is the strictest where it is enforced, and none where it only tells.
  const unreadable = labels[`${prefix}enforce`] === undefined ? 'privileged' : 'restricted';
  const enforced = { level: enforce!.level ?? unreadable, version: enforce!.version ?? 'latest' };
  // What is enforced is warned of, unless the labels say how to warn: so a template is told of before its pods.
  const isWarned = labels[`${prefix}warn`] !== undefined || enforce!.level === undefined;
  const warned = isWarned
    ? { level: warn!.level ?? 'privileged', version: warn!.version ?? 'latest' }
    : { level: enforced.level, version: warn!.version ?? enforced.version };
  return {
    enforce: enforced,
    audit: { level: audit!.level ?? 'privileged', version: audit!.version ?? 'latest' },
    warn: warned,
    errors: [enforce, audit, warn].flatMap((mode) => mode!.errors),
  };
}
