import { expect, test } from 'vitest';
import { TestWorkstation } from './testWorkstation.ts';

// Facts: upstream's kubectl/pkg/cmd/version/skew_warning_test.go; this kubectl is v1.36.0.
test.each([
  ['v1.36.1', ''],
  ['v1.35.0', ''],
  ['v1.37.0', ''],
  [
    'v1.34.3',
    'WARNING: version difference between client (1.36) and server (1.34) exceeds the supported minor version skew of +/-1\n',
  ],
])('a server of %s', async (gitVersion, warning) => {
  const workstation = new TestWorkstation((transport) => (request) => {
    const response = transport(request);
    return request.path === '/version' ? { ...response, body: { gitVersion } } : response;
  });
  const { out, err } = await workstation.run('version');
  expect(out).toMatch(new RegExp(`Server Version: ${gitVersion}\n$`));
  expect(err).toBe(warning);
});
