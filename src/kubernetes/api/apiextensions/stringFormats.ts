// Upstream: apiextensions-apiserver/pkg/apiserver/validation/formats.go, kube-openapi/pkg/validation/strfmt
import { decodeBase64 } from '../base64.ts';

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const ipv6 = /^(?=.*:)[0-9a-fA-F:]{2,39}(?:%\w+)?$/;

const formats: Readonly<Record<string, (value: string) => boolean>> = {
  date: (value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && isDate(value),
  'date-time': (value) =>
    /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/.test(value) &&
    isDate(value.slice(0, 10)),
  datetime: (value) => formats['date-time']!(value),
  duration: (value) =>
    value === '0' || /^[+-]?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d|w))+$/.test(value.replaceAll(' ', '')),
  email: (value) => /^[^\s@]+@[^\s@]+$/.test(value),
  hostname: (value) => value.length <= 253 && /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(value),
  ipv4: (value) => ipv4.test(value),
  ipv6: (value) => ipv6.test(value),
  ip: (value) => ipv4.test(value) || ipv6.test(value),
  cidr: (value) => {
    const [address = '', bits = ''] = value.split('/');
    const max = ipv4.test(address) ? 32 : ipv6.test(address) ? 128 : -1;
    return /^\d{1,3}$/.test(bits) && Number(bits) <= max;
  },
  mac: (value) => /^(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/.test(value),
  uri: (value) => /^[a-zA-Z][a-zA-Z0-9+.-]*:\S+$/.test(value),
  uuid: (value) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(value),
  byte: (value) => decodeBase64(value) !== undefined,
};

function isDate(day: string): boolean {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const days = [31, year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28, 31, 30, 31, 30];
  const lengths = [...days, 31, 31, 30, 31, 30, 31];
  return month >= 1 && month <= 12 && date >= 1 && date <= lengths[month - 1]!;
}

/** True where the text is of the format, or the format is one that nobody checks. */
export function matchesFormat(format: string, value: string): boolean {
  return formats[format]?.(value) ?? true;
}
