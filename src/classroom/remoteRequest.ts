import type { RemoteRequest, StreamAct } from './recipe.ts';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isMethod: Check = (value) => ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(value as string);

const isExtra = mapOf(isTexts);
const isUser = fields({ name: isText, groups: isTexts }, { uid: isText, extra: isExtra });

/**
 * True for a request as clients outside can send one: no field is there that only the cluster's own components set.
 * A stranger may have written it.
 */
export const isRemoteRequest = fields(
  { method: isMethod, path: isText, user: isUser },
  {
    query: mapOf(isText),
    accept: isText,
    contentType: isText,
    userAgent: isText,
    body: () => true,
    impersonate: fields({ user: isText, groups: isTexts }, { uid: isText, extra: isExtra }),
    ifNoneMatch: isText,
    http: fields({ method: isText, search: isText, headers: mapOf(isText) }),
  },
) as (value: unknown) => value is RemoteRequest;

const acts: Readonly<Record<StreamAct['do'], Check>> = {
  open: fields({ do: isText }),
  close: fields({ do: isText }),
  write: fields({ do: isText, text: (value) => value === null || isText(value) }),
  resize: fields({ do: isText, columns: isNumber, rows: isNumber }),
  connect: fields({ do: isText, connection: isNumber, port: isNumber }),
  send: fields({ do: isText, connection: isNumber, bytes: isText }),
  end: fields({ do: isText, connection: isNumber }),
};

export function isStreamAct(value: unknown): value is StreamAct {
  if (!isRecord(value)) return false;
  const name = value['do'] as StreamAct['do'];
  return Object.hasOwn(acts, name) && acts[name](value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fields(
  needed: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): Check {
  const known = new Map([...Object.entries(needed), ...Object.entries(optional)]);
  return (value) =>
    isRecord(value) &&
    Object.keys(needed).every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, entry]) => known.get(name)?.(entry) === true);
}

function mapOf(check: Check): Check {
  return (value) => isRecord(value) && Object.values(value).every(check);
}
