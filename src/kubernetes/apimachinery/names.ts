// Upstream: apimachinery/pkg/api/validate/content and pkg/util/validation
// Each check answers with its sentences, none when the value is good; callers put the field before them.

const dns1123Label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dns1123LabelMaxLength = 63;
const dns1123LabelRegExp = whole(dns1123Label);
const dns1123Subdomain = `${dns1123Label}(\\.${dns1123Label})*`;
const dns1123SubdomainMaxLength = 253;
const dns1123SubdomainRegExp = whole(dns1123Subdomain);
const wildcardDns1123Subdomain = `\\*\\.${dns1123Subdomain}`;
const wildcardDns1123SubdomainRegExp = whole(wildcardDns1123Subdomain);
const dns1123SubdomainWithUnderscore =
  '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*';
const dns1123SubdomainWithUnderscoreRegExp = whole(dns1123SubdomainWithUnderscore);
const dns1035Label = '[a-z]([-a-z0-9]*[a-z0-9])?';
const dns1035LabelRegExp = whole(dns1035Label);
const labelKey = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelKeyMaxLength = 63;
const labelKeyRegExp = whole(labelKey);
const labelValue = `(${labelKey})?`;
const labelValueMaxLength = 63;
const labelValueRegExp = whole(labelValue);
const portNameMaxLength = 15;
const configMapKey = '[-._a-zA-Z0-9]+';
const configMapKeyRegExp = whole(configMapKey);
const percent = '[0-9]+%';
const percentRegExp = whole(percent);
const httpPath = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const httpPathRegExp = whole(httpPath);
const httpHeaderName = '[-A-Za-z0-9]+';
const httpHeaderNameRegExp = whole(httpHeaderName);
const cIdentifier = '[A-Za-z_][A-Za-z0-9_]*';
const cIdentifierRegExp = whole(cIdentifier);

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`);
}

/** True where a value's length in UTF-8, as Go's len counts, is more than `max`. Most are far from it. */
function isLonger(value: string, max: number): boolean {
  return value.length * 3 > max && byteLength(value) > max;
}

function byteLength(value: string): number {
  let length = 0;
  for (const char of value) {
    const code = char.codePointAt(0)!;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

/**
 * The sentence for a value that is too long. All lengths are bytes, but only the newer checks, of label keys
 * and values, call them so.
 */
export function maxLengthSentence(length: number, unit: 'characters' | 'bytes' = 'characters'): string {
  return `must be no more than ${length} ${unit}`;
}

/** The sentence for a number outside of a range. */
export function rangeSentence(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

/** The sentence for a value that a regular expression refuses. */
export function patternSentence(message: string, pattern: string, ...examples: string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ');
  return `${message} (${shown && `e.g. ${shown}`}regex used for validation is '${pattern}')`;
}

export function checkDns1123Label(value: string): string[] {
  const errors: string[] = [];
  if (isLonger(value, dns1123LabelMaxLength)) errors.push(maxLengthSentence(dns1123LabelMaxLength));
  if (dns1123LabelRegExp.test(value)) return errors;
  if (dns1123SubdomainRegExp.test(value)) return [...errors, 'must not contain dots'];
  const message =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
  return [...errors, patternSentence(message, dns1123Label, 'my-name', '123-abc')];
}

export function checkDns1123Subdomain(value: string, unit: 'characters' | 'bytes' = 'characters'): string[] {
  const errors: string[] = [];
  if (isLonger(value, dns1123SubdomainMaxLength))
    errors.push(maxLengthSentence(dns1123SubdomainMaxLength, unit));
  if (dns1123SubdomainRegExp.test(value)) return errors;
  const message =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [...errors, patternSentence(message, dns1123Subdomain, 'example.com')];
}

/** A search path of DNS, whose names may have underscores. */
export function checkDns1123SubdomainWithUnderscore(value: string): string[] {
  const errors: string[] = [];
  if (isLonger(value, dns1123SubdomainMaxLength)) errors.push(maxLengthSentence(dns1123SubdomainMaxLength));
  if (dns1123SubdomainWithUnderscoreRegExp.test(value)) return errors;
  const message =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  return [...errors, patternSentence(message, dns1123SubdomainWithUnderscore, 'example.com')];
}

export function checkWildcardDns1123Subdomain(value: string): string[] {
  const errors: string[] = [];
  if (isLonger(value, dns1123SubdomainMaxLength)) errors.push(maxLengthSentence(dns1123SubdomainMaxLength));
  if (wildcardDns1123SubdomainRegExp.test(value)) return errors;
  const message =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
  return [...errors, patternSentence(message, wildcardDns1123Subdomain, '*.example.com')];
}

export function checkDns1035Label(value: string): string[] {
  const errors: string[] = [];
  if (isLonger(value, dns1123LabelMaxLength)) errors.push(maxLengthSentence(dns1123LabelMaxLength));
  if (dns1035LabelRegExp.test(value)) return errors;
  const message =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
  return [...errors, patternSentence(message, dns1035Label, 'my-name', 'abc-123')];
}

/** A label key, which is also what upstream calls a qualified name: `[prefix/]name`. */
export function checkLabelKey(value: string): string[] {
  const parts = value.split('/');
  const name = parts.at(-1)!;
  const message =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  const sentence = patternSentence(message, labelKey, 'MyName', 'my.name', '123-abc');
  if (parts.length > 2)
    return [
      `a valid label key ${sentence} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const errors: string[] = [];
  if (parts.length === 2) {
    if (parts[0] === '') errors.push('prefix part must be non-empty');
    else errors.push(...checkDns1123Subdomain(parts[0]!, 'bytes').map((error) => `prefix part ${error}`));
  }
  if (name === '') errors.push('name part must be non-empty');
  else if (isLonger(name, labelKeyMaxLength))
    errors.push(`name part ${maxLengthSentence(labelKeyMaxLength, 'bytes')}`);
  if (!labelKeyRegExp.test(name)) errors.push(`name part ${sentence}`);
  return errors;
}

export function checkLabelValue(value: string): string[] {
  const errors: string[] = [];
  if (isLonger(value, labelValueMaxLength)) errors.push(maxLengthSentence(labelValueMaxLength, 'bytes'));
  if (labelValueRegExp.test(value)) return errors;
  const message =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  return [...errors, patternSentence(message, labelValue, 'MyValue', 'my_value', '12345')];
}

export function checkPortNumber(port: number): string[] {
  return port >= 1 && port <= 65535 ? [] : [rangeSentence(1, 65535)];
}

export function checkPortName(port: string): string[] {
  const errors: string[] = [];
  if (isLonger(port, portNameMaxLength)) errors.push(maxLengthSentence(portNameMaxLength));
  if (!/^[-a-z0-9]+$/.test(port))
    errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(port)) errors.push('must contain at least one letter (a-z)');
  if (port.includes('--')) errors.push('must not contain consecutive hyphens');
  if (port.startsWith('-') || port.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors;
}

/** The name of an environment variable: any printable ASCII but `=`, since 1.34. */
export function checkEnvVarName(value: string): string[] {
  if (value === '') return ['environment variable name must be non-empty'];
  return /^[ -<>-~]*$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** A key of a ConfigMap's or Secret's data. */
export function checkConfigMapKey(value: string): string[] {
  const errors: string[] = [];
  if (isLonger(value, dns1123SubdomainMaxLength)) errors.push(maxLengthSentence(dns1123SubdomainMaxLength));
  if (!configMapKeyRegExp.test(value)) {
    const message = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
    errors.push(patternSentence(message, configMapKey, 'key.name', 'KEY_NAME', 'key-name'));
  }
  if (value === '.' || value === '..') errors.push(`must not be '${value}'`);
  else if (value.startsWith('..')) errors.push("must not start with '..'");
  return errors;
}

export function checkPercent(value: string): string[] {
  const message = "a valid percent string must be a numeric string followed by an ending '%'";
  return percentRegExp.test(value) ? [] : [patternSentence(message, percent, '1%', '93%')];
}

export function checkHttpHeaderName(value: string): string[] {
  const message = "a valid HTTP header must consist of alphanumeric characters or '-'";
  return httpHeaderNameRegExp.test(value) ? [] : [patternSentence(message, httpHeaderName, 'X-Header-Name')];
}

export function checkCIdentifier(value: string): string[] {
  const message =
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'";
  return cIdentifierRegExp.test(value)
    ? []
    : [patternSentence(message, cIdentifier, 'my_name', 'MY_NAME', 'MyName')];
}

/** A name below a domain, such as `example.com/controller`; upstream: IsDomainPrefixedPath. */
export function checkDomainPrefixedPath(value: string): string[] {
  if (value === '') return ['must not be empty'];
  const slash = value.indexOf('/');
  if (slash <= 0 || slash === value.length - 1)
    return ['must be a domain-prefixed path (such as "acme.io/foo")'];
  const domain = checkDns1123Subdomain(value.slice(0, slash));
  if (domain.length > 0) return domain;
  const path = value.slice(slash + 1);
  return httpPathRegExp.test(path) ? [] : [patternSentence('Invalid path', httpPath)];
}

/** What may stand as one segment of a URL's path; the names of RBAC objects need no more. */
export function checkPathSegment(value: string): string[] {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return ['/', '%'].filter((char) => value.includes(char)).map((char) => `may not contain '${char}'`);
}

/** A generateName as it is checked in place of the name: its trailing dash will be followed by more. */
export function maskTrailingDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -1)}a` : prefix;
}
