import schemas from '#generated/schemas.json' with { type: 'json' };

const [major, minor] = schemas.version.split('.');

/** `/version`: the release whose schemas are served (D7). */
export const version = {
  major,
  minor,
  emulationMajor: major,
  emulationMinor: minor,
  minCompatibilityMajor: major,
  minCompatibilityMinor: String(Number(minor) - 1),
  gitVersion: `v${schemas.version}.0`,
  gitCommit: 'podarium',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'browser',
};
