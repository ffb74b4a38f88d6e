// `node scripts/protobuf-table.mjs KUBECTL`: writes down which number each field has in Kubernetes' protobuf messages.
// Every kubectl carries the descriptors of the messages that it sends, gzipped; what is kept of them are these facts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, constants } from 'node:zlib';
import { root } from './root.mjs';

const binary = readFileSync(process.argv[2]);
const gzipHead = Buffer.from('1f8b080000000000', 'hex');

function readVarint(bytes, at) {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = bytes[at++];
    if (byte === undefined) throw new RangeError('cut short');
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return [Number(value), at];
  }
}

function* readFields(bytes) {
  for (let at = 0; at < bytes.length;) {
    let key, value;
    [key, at] = readVarint(bytes, at);
    if ((key & 7) === 0) [value, at] = readVarint(bytes, at);
    else if ((key & 7) === 2) {
      [value, at] = readVarint(bytes, at);
      if (at + value > bytes.length) throw new RangeError('cut short');
      [value, at] = [bytes.subarray(at, at + value), at + value];
    } else throw new RangeError('no descriptor');
    yield [key >> 3, value];
  }
}

const text = (bytes) => bytes.toString();
/** Fields whose JSON name is another one than the message's. */
const renamed = {
  'core.v1.DaemonEndpoint.port': 'Port',
  'networking.v1.IngressClassParametersReference.aPIGroup': 'apiGroup',
  'networking.v1beta1.IngressClassParametersReference.aPIGroup': 'apiGroup',
  'authentication.v1.BoundObjectReference.uID': 'uid',
  'authorization.v1beta1.SubjectAccessReviewSpec.groups': 'group',
  'discovery.v1beta1.Endpoint.deprecatedTopology': 'topology',
  'rbac.v1alpha1.Subject.apiGroup': 'apiVersion',
};
/** As JSON has it: a few fields begin with a capital in the message. */
const lowerFirst = (name) => name.charAt(0).toLowerCase() + name.slice(1);
const shortName = (name) => name.replace(/^\.?k8s\.io\.(?:apimachinery\.pkg\.(?:apis\.)?|api\.)/, '');

/** google.protobuf.DescriptorProto: 1 name, 2 field {1 name, 3 number, 4 label, 5 type, 6 type_name}, 3 nested_type. */
function readMessage(bytes, prefix, into) {
  let name = '';
  const fields = [];
  const nested = [];
  for (const [number, value] of readFields(bytes)) {
    if (number === 1) name = `${prefix}.${text(value)}`;
    else if (number === 2) {
      const field = Object.fromEntries(readFields(value));
      fields.push({
        name: lowerFirst(text(field[1])),
        number: field[3],
        repeated: field[4] === 3,
        type: field[5],
        of: field[6] ? text(field[6]) : '',
      });
    } else if (number === 3) nested.push(value);
  }
  into.set(name, fields);
  for (const message of nested) readMessage(message, name, into);
}

const messages = new Map();
for (let at = binary.indexOf(gzipHead); at >= 0; at = binary.indexOf(gzipHead, at + 1)) {
  try {
    const file = gunzipSync(binary.subarray(at, at + 200_000), { finishFlush: constants.Z_SYNC_FLUSH });
    // google.protobuf.FileDescriptorProto: 2 package, 4 message_type.
    const parts = [...readFields(file)];
    const name = text(parts.find(([number]) => number === 2)?.[1] ?? Buffer.alloc(0));
    if (!name.startsWith('k8s.io.')) continue;
    for (const [number, value] of parts) if (number === 4) readMessage(value, name, messages);
  } catch {
    // Not every gzip in there is a descriptor.
  }
}

/** Types of google.protobuf.FieldDescriptorProto as one letter; messages by name. */
const scalars = { 1: 'double', 3: 'int', 4: 'int', 5: 'int', 8: 'bool', 9: 'string', 12: 'bytes', 13: 'int' };
const typeOf = (field) => scalars[field.type] ?? shortName(field.of);
const isEntry = (name) => name.endsWith('Entry') && messages.get(name)?.[0]?.name === 'key';

const table = {};
for (const [fullName, fields] of [...messages].sort(([a], [b]) => (a < b ? -1 : 1))) {
  // Nobody sends lists, and what no server serves any more.
  const isList = fullName.endsWith('List') && fields.some((field) => field.name === 'items');
  if (isEntry(fullName) || isList || /autoscaling\.v2beta|metrics/.test(fullName)) continue;
  const name = shortName(fullName);
  const ownPackage = name.slice(0, name.lastIndexOf('.') + 1);
  table[name] = fields
    .map((field) => {
      const entry = field.repeated && field.of !== '' && isEntry(field.of.slice(1));
      const single = entry
        ? messages.get(field.of.slice(1)).find(({ name: part }) => part === 'value')
        : field;
      const type = typeOf(single);
      // Beginning with a dot: the package of whoever asked, so that one text serves several versions of a group.
      const relative = type.startsWith(ownPackage) ? type.slice(ownPackage.length - 1) : type;
      const jsonName = renamed[`${name}.${field.name}`] ?? field.name;
      return `${field.number} ${jsonName} ${entry ? '{}' : field.repeated ? '[]' : ''}${relative}`;
    })
    .join(', ');
}
// A version that says nothing new beside its group's v1 is found there.
for (const name of Object.keys(table)) {
  const v1 = name.replace(/\.v\d+(?:alpha|beta)\d+\./, '.v1.');
  if (v1 !== name && table[v1] === table[name]) delete table[name];
}
const file = join(root, 'src/bridge/protobuf/messages.json');
writeFileSync(file, `${JSON.stringify(table, null, 2)}\n`);
console.log(`${Object.keys(table).length} messages in ${file}`);
