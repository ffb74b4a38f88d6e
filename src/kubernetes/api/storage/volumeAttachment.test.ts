import { expect, test } from 'vitest';
import { cells, created, createErrors, stored, updateErrors } from '../testing/kindTable.ts';
import { volumeAttachments } from './volumeAttachment.ts';

const spec = { attacher: 'ebs.csi.aws.com', nodeName: 'n1', source: { persistentVolumeName: 'pv1' } };

test.each<[string, object, string[]]>([
  ['good', spec, []],
  [
    'no source',
    { ...spec, source: {} },
    ['spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName'],
  ],
  [
    'two sources',
    { ...spec, source: { persistentVolumeName: 'pv1', inlineVolumeSpec: {} } },
    ['spec.source: Forbidden: must specify exactly one of inlineVolumeSpec and persistentVolumeName'],
  ],
  [
    'an empty source',
    { ...spec, source: { persistentVolumeName: '' } },
    ['spec.source.persistentVolumeName: Required value: must specify non empty persistentVolumeName'],
  ],
  ['no attacher', { ...spec, attacher: '' }, ['spec.attacher: Required value']],
])('%s', (_name, given, errors) => {
  expect(createErrors(volumeAttachments, { spec: given })).toEqual(errors);
});

test('the spec stays', () => {
  const [error] = updateErrors(volumeAttachments, { spec }, { spec: { ...spec, nodeName: 'n2' } });
  expect(error).toMatch(/^spec: Invalid value: \{.*"n2".*\}: field is immutable$/);
});

test('a new one is not attached; columns', () => {
  expect(created(volumeAttachments, { spec }).status).toEqual({ attached: false });
  expect(cells(volumeAttachments, stored(volumeAttachments, { spec, status: { attached: true } }))).toEqual({
    Name: 'x',
    Attacher: 'ebs.csi.aws.com',
    PV: 'pv1',
    Node: 'n1',
    Attached: true,
    Age: '60m',
  });
});
