// Upstream: ValidateSecret in pkg/apis/core/validation/validation.go
import type { Secret } from '#generated/types/core.v1.ts';
import { invalidValue, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { decodeJson, JsonError } from '#kubernetes/apimachinery/jsonDecoder.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { decodeBase64 } from './base64.ts';
import type { LaterRules } from './laterRules.ts';

const jsonKeys: Readonly<Record<string, string>> = {
  'kubernetes.io/dockercfg': '.dockercfg',
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
};

function validateJson(key: string, encoded: string): FieldError[] {
  const wrong = (why: string) => [invalidValue(`data[${key}]`, '<secret contents redacted>', why)];
  try {
    // Go's scanner reads bytes, not characters.
    const bytes = [...(decodeBase64(encoded) ?? [])].map((byte) => String.fromCharCode(byte));
    const { value } = decodeJson(bytes.join(''));
    if (typeof value === 'object' && !Array.isArray(value)) return [];
    const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    return wrong(`json: cannot unmarshal ${type} into Go value of type map[string]interface {}`);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return wrong(error.message);
  }
}

/** What else holds for Secrets of well-known types: their content can be read. */
export const secretRules: LaterRules<Secret> = {
  validate({ type = '', data = {} }) {
    const key = jsonKeys[type];
    if (key !== undefined && data[key] !== undefined) return validateJson(key, data[key]);
    if (type === 'kubernetes.io/ssh-auth' && data['ssh-privatekey'] === '')
      return [required('data[ssh-privatekey]')];
    return [];
  },
};
