import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { secrets } from '#kubernetes/api/core/secret.ts';
import { decodeBase64 } from '#kubernetes/api/base64.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import type { Client } from '#kubernetes/client/client.ts';
import { ContainerConfigError } from './startErrors.ts';

/** A ConfigMap's data, in volumes with what it holds in binary; undefined when it is optional and not there. */
export function configMapData(
  client: Client,
  namespace: string,
  name: string,
  optional = false,
  withBinary = false,
): Readonly<Record<string, string>> | undefined {
  return found(
    () => {
      const { data = {}, binaryData = {} } = client.get(configMaps, namespace, name);
      return withBinary ? { ...data, ...decoded(binaryData) } : data;
    },
    `configmap "${name}" not found`,
    optional,
  );
}

/** A Secret's data, decoded; undefined when it is optional and not there. */
export function secretData(
  client: Client,
  namespace: string,
  name: string,
  optional = false,
): Readonly<Record<string, string>> | undefined {
  return found(
    () => decoded(client.get(secrets, namespace, name).data),
    `secret "${name}" not found`,
    optional,
  );
}

function decoded(data: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, textOf(decodeBase64(value))]));
}

/** Bytes as UTF-8 text; what is not UTF-8 as the code units that `world/machine/utf8.ts` makes bytes of again. */
function textOf(bytes: Iterable<number> = []): string {
  let escaped = '';
  let stray = '';
  for (const byte of bytes) {
    escaped += `%${byte.toString(16).padStart(2, '0')}`;
    stray += String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte);
  }
  try {
    return decodeURIComponent(escaped);
  } catch {
    return stray;
  }
}

function found<T>(read: () => T, message: string, optional: boolean): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isStatus(error, 'NotFound')) throw error;
    if (optional) return undefined;
    throw new ContainerConfigError('CreateContainerConfigError', message);
  }
}
