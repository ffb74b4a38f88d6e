import { expect, test } from 'vitest';
import { secrets } from './core/secret.ts';
import './laterKinds.ts';
import { createErrors } from './testing/kindTable.ts';

const config = 'kubernetes.io/dockerconfigjson';
const redacted = 'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": ';

test.each<[string, Readonly<Record<string, string>>, string[]]>([
  [config, { '.dockerconfigjson': '{"auths":{}}' }, []],
  [
    config,
    { '.dockerconfigjson': 'auths' },
    [`${redacted}invalid character 'a' looking for beginning of value`],
  ],
  [config, { '.dockerconfigjson': '' }, [`${redacted}unexpected end of JSON input`]],
  [
    config,
    { '.dockerconfigjson': '[]' },
    [`${redacted}json: cannot unmarshal array into Go value of type map[string]interface {}`],
  ],
  [config, {}, ['data[.dockerconfigjson]: Required value']],
  ['kubernetes.io/ssh-auth', { 'ssh-privatekey': '' }, ['data[ssh-privatekey]: Required value']],
  ['kubernetes.io/ssh-auth', { 'ssh-privatekey': 'k' }, []],
])('a secret of type %s with %j', (type, stringData, errors) => {
  expect(createErrors(secrets, { type, stringData })).toEqual(errors);
});
