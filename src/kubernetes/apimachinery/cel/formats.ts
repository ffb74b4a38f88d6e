// Upstream: apiserver/pkg/cel/library/format.go
import { type Environment, Optional } from '@marcbachmann/cel-js';
import {
  checkDns1035Label,
  checkDns1123Label,
  checkDns1123Subdomain,
  checkLabelKey,
  checkLabelValue,
  maskTrailingDash,
} from '../names.ts';
import { addNamespace } from './namespace.ts';

/** A named rule for texts, in CEL. */
class NamedFormat {
  readonly check: (text: string) => readonly string[];
  constructor(check: (text: string) => readonly string[]) {
    this.check = check;
  }
}

const base64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;
const uuid = /^[\dA-Fa-f]{8}-?[\dA-Fa-f]{4}-?[\dA-Fa-f]{4}-?[\dA-Fa-f]{4}-?[\dA-Fa-f]{12}$/;
const uri = /^[a-z][a-z\d+.-]*:[^\s]+$/i;
const date = /^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])$/;
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function matching(expression: RegExp, why: string): (text: string) => readonly string[] {
  return (text) => (expression.test(text) ? [] : [why]);
}

const checks: Readonly<Record<string, (text: string) => readonly string[]>> = {
  dns1123Label: checkDns1123Label,
  dns1123Subdomain: (text) => checkDns1123Subdomain(text),
  dns1035Label: checkDns1035Label,
  qualifiedName: checkLabelKey,
  dns1123LabelPrefix: (text) => checkDns1123Label(maskTrailingDash(text)),
  dns1123SubdomainPrefix: (text) => checkDns1123Subdomain(maskTrailingDash(text)),
  dns1035LabelPrefix: (text) => checkDns1035Label(maskTrailingDash(text)),
  labelValue: checkLabelValue,
  uri: matching(uri, 'invalid URI'),
  uuid: matching(uuid, 'does not match the UUID format'),
  byte: matching(base64, 'invalid base64'),
  date: matching(date, 'invalid date'),
  datetime: matching(dateTime, 'invalid datetime'),
};

/** `format.dns1123Label().validate(text)` and its like; what is right validates to nothing. */
export function addFormatFunctions(environment: Environment): void {
  addNamespace(environment, 'format', 'Formats');
  environment
    .registerType('NamedFormat', NamedFormat)
    .registerFunction('Formats.named(string): optional<NamedFormat>', (_formats: object, name: string) => {
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
      return check === undefined ? Optional.none() : Optional.of(new NamedFormat(check));
    })
    .registerFunction(
      'NamedFormat.validate(string): optional<list<string>>',
      ({ check }: NamedFormat, text: string) => {
        const sentences = check(text);
        return sentences.length === 0 ? Optional.none() : Optional.of(sentences);
      },
    );
  for (const [name, check] of Object.entries(checks))
    environment.registerFunction(`Formats.${name}(): NamedFormat`, () => new NamedFormat(check));
}
