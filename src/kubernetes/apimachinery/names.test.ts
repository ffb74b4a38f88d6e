import { expect, test } from 'vitest';
import * as names from './names.ts';

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const label1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const key =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const value =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const configKey =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const env =
  "a valid environment variable name must consist only of printable ASCII characters other than '='";

test.each<[(value: string) => string[], string, string[]]>([
  [names.checkDns1123Label, 'a', []],
  [names.checkDns1123Label, '1--1--2', []],
  [names.checkDns1123Label, 'a'.repeat(63), []],
  [names.checkDns1123Label, 'a'.repeat(64), ['must be no more than 63 characters']],
  [names.checkDns1123Label, 'a.b', ['must not contain dots']],
  [names.checkDns1123Label, '', [label]],
  [names.checkDns1123Label, 'A', [label]],
  [names.checkDns1123Label, 'a_b', [label]],
  [names.checkDns1123Label, '-1', [label]],
  [names.checkDns1123Label, 'a\n', [label]],
  [names.checkDns1123Subdomain, 'ab.1.c', []],
  [names.checkDns1123Subdomain, 'a..b', [subdomain]],
  [names.checkDns1123Subdomain, '.a', [subdomain]],
  [names.checkDns1123Subdomain, 'A.a', [subdomain]],
  [names.checkDns1123Subdomain, 'a'.repeat(254), ['must be no more than 253 characters']],
  [names.checkWildcardDns1123Subdomain, '*.example.com', []],
  [names.checkDns1035Label, 'a-1', []],
  [names.checkDns1035Label, '1-a', [label1035]],
  [names.checkDns1035Label, '', [label1035]],
  [names.checkLabelKey, 'simple', []],
  [names.checkLabelKey, 'now-with-dashes', []],
  [names.checkLabelKey, '1-starts.with_num', []],
  [names.checkLabelKey, 'example.com/Name', []],
  [names.checkLabelKey, '1.2.3.4/5678', []],
  [names.checkLabelKey, 'nospecialchars%^=@', [`name part ${key}`]],
  [names.checkLabelKey, '/x', ['prefix part must be non-empty']],
  [names.checkLabelKey, 'x/', ['name part must be non-empty', `name part ${key}`]],
  [names.checkLabelKey, 'B/x', [`prefix part ${subdomain}`]],
  [names.checkLabelKey, `${'a'.repeat(254)}/b`, ['prefix part must be no more than 253 bytes']],
  [names.checkLabelKey, 'a'.repeat(64), ['name part must be no more than 63 bytes']],
  [
    names.checkLabelKey,
    'a/b/c',
    [`a valid label key ${key} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`],
  ],
  [names.checkLabelValue, '', []],
  [names.checkLabelValue, 'a_b.C-1', []],
  [names.checkLabelValue, '-a', [value]],
  [names.checkLabelValue, 'ä'.repeat(32), ['must be no more than 63 bytes', value]],
  [names.checkPortName, 'telnet', []],
  [names.checkPortName, '23-re-mail-ck', []],
  [names.checkPortName, 'longerthan15characters', ['must be no more than 15 characters']],
  [names.checkPortName, '1234', ['must contain at least one letter (a-z)']],
  [names.checkPortName, 'a--b', ['must not contain consecutive hyphens']],
  [names.checkPortName, '-a', ['must not begin or end with a hyphen']],
  [
    names.checkPortName,
    '',
    [
      'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'must contain at least one letter (a-z)',
    ],
  ],
  [names.checkEnvVarName, 'MY_VAR.1-x', []],
  [names.checkEnvVarName, '1 two', []],
  [names.checkEnvVarName, '', ['environment variable name must be non-empty']],
  [names.checkEnvVarName, 'a=b', [env]],
  [names.checkEnvVarName, 'ä', [env]],
  [names.checkConfigMapKey, 'game.properties', []],
  [names.checkConfigMapKey, 'a b', [configKey]],
  [names.checkConfigMapKey, '.', ["must not be '.'"]],
  [names.checkConfigMapKey, '..', ["must not be '..'"]],
  [names.checkConfigMapKey, '..a', ["must not start with '..'"]],
  [names.checkPercent, '25%', []],
  [
    names.checkPercent,
    '25',
    [
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    ],
  ],
  [names.checkHttpHeaderName, 'X-Header', []],
  [
    names.checkHttpHeaderName,
    'X Header',
    [
      "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
    ],
  ],
  [names.checkCIdentifier, '_a1', []],
  [
    names.checkCIdentifier,
    '1a',
    [
      "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')",
    ],
  ],
  [names.checkPathSegment, 'system:node', []],
  [names.checkPathSegment, '..', ["may not be '..'"]],
  [names.checkPathSegment, 'a/b%c', ["may not contain '/'", "may not contain '%'"]],
])('%o of %j', (check, text, sentences) => {
  expect(check(text)).toEqual(sentences);
});

test('port numbers and the mask of generateName', () => {
  expect(names.checkPortNumber(1)).toEqual([]);
  expect(names.checkPortNumber(65535)).toEqual([]);
  expect(names.checkPortNumber(0)).toEqual(['must be between 1 and 65535, inclusive']);
  expect(names.checkPortNumber(65536)).toEqual([names.rangeSentence(1, 65535)]);
  expect(names.patternSentence('no', 'x')).toBe("no (regex used for validation is 'x')");
  expect(['web-', 'web', '-'].map(names.maskTrailingDash)).toEqual(['weba', 'web', '-']);
});
