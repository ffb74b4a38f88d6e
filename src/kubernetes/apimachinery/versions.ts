// Upstream: apimachinery/pkg/version/helpers.go CompareKubeAwareVersionStrings

const stages = ['', 'beta', 'alpha'];

/** Which of two API versions comes first, negative when it is `a`: stable before beta before alpha, newer before older. */
export function compareVersions(a: string, b: string): number {
  const left = parseVersion(a);
  const right = parseVersion(b);
  if (left === null || right === null) {
    if (left !== null) return -1;
    if (right !== null) return 1;
    return a === b ? 0 : a < b ? -1 : 1;
  }
  return left.stage - right.stage || right.major - left.major || right.minor - left.minor;
}

function parseVersion(text: string): { stage: number; major: number; minor: number } | null {
  const match = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(text);
  if (match === null) return null;
  const [, major, stage = '', minor = '0'] = match;
  return { stage: stages.indexOf(stage), major: Number(major), minor: Number(minor) };
}
