/**
 * The id of the row that shows what is stored under a key: `pods/default/web` of `/registry/pods/default/web`, and
 * `widgets.example.com/shop/x` of `/registry/example.com/widgets/shop/x`, where custom resources are kept.
 */
export function rowIdOfKey(key: string): string {
  const [, , first = '', ...rest] = key.split('/');
  if (!first.includes('.')) return [first, ...rest].join('/');
  return [`${rest[0]}.${first}`, ...rest.slice(1)].join('/');
}
