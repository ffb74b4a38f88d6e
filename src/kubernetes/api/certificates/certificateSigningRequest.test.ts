import { expect, test } from 'vitest';
import { requests } from '../testing/certificateRequests.ts';
import { cells, created, createErrors, stored, updateErrors } from '../testing/kindTable.ts';
import { validateStatusUpdate } from '../validation.ts';
import { certificateSigningRequests, requestedCertificate } from './certificateSigningRequest.ts';

const spec = { request: requests.jane, signerName: 'example.com/signer', usages: ['client auth'] };

// Upstream: pkg/apis/certificates/validation/validation_test.go
test.each<[string, object, string[]]>([
  ['good', {}, []],
  ['no usages', { usages: [] }, ['spec.usages: Required value']],
  [
    'a usage twice',
    { usages: ['client auth', 'client auth'] },
    ['spec.usages[1]: Duplicate value: "client auth"'],
  ],
  [
    'a short life',
    { expirationSeconds: 599 },
    [
      'spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)',
    ],
  ],
  [
    'a signer without a domain',
    { signerName: 'signer' },
    [
      `spec.signerName: Invalid value: "signer": must be a fully qualified domain and path of the form 'example.com/signer-name'`,
    ],
  ],
  [
    'the signer of old',
    { signerName: 'kubernetes.io/legacy-unknown' },
    [
      'spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version',
    ],
  ],
  [
    'no request',
    { request: 'aGVsbG8=' },
    ['spec.request: Invalid value: "aGVsbG8=": PEM block type must be CERTIFICATE REQUEST'],
  ],
])('%s', (_name, more, errors) => {
  expect(createErrors(certificateSigningRequests, { spec: { ...spec, ...more } })).toEqual(errors);
});

test('the subject is read from the request, and the spec stays', () => {
  expect(requestedCertificate(created(certificateSigningRequests, { spec }))?.subject).toEqual({
    commonName: 'jane',
    organizations: ['dev', 'ops'],
  });
  const other = { spec: { ...spec, usages: ['server auth'] } };
  expect(updateErrors(certificateSigningRequests, { spec }, other)[0]).toMatch(
    /^spec: .*field is immutable$/,
  );
});

test('a status neither approves nor takes an approval back, and a certificate stays', () => {
  const approved = { conditions: [{ type: 'Approved', status: 'True' }], certificate: 'YQ==' };
  const of = (status: object) => stored(certificateSigningRequests, { spec, status });
  const errors = (next: object, old: object) =>
    validateStatusUpdate(certificateSigningRequests, of(next), of(old)).map(({ message }) => message);
  expect(errors(approved, {})).toEqual(['Forbidden: updates may not add a condition of type "Approved"']);
  expect(errors({}, approved)).toEqual([
    'Forbidden: updates may not remove a condition of type "Approved"',
    'Forbidden: updates may not change an issued certificate',
  ]);
});

test.each([
  [{}, 'Pending'],
  [{ conditions: [{ type: 'Approved', status: 'True' }] }, 'Approved'],
  [{ conditions: [{ type: 'Approved', status: 'True' }], certificate: 'YQ==' }, 'Approved,Issued'],
  [
    {
      conditions: [
        { type: 'Approved', status: 'True' },
        { type: 'Failed', status: 'True' },
      ],
    },
    'Approved,Failed',
  ],
  [{ conditions: [{ type: 'Denied', status: 'True' }] }, 'Denied'],
])('%j is %s', (status, condition) => {
  const request = stored(certificateSigningRequests, {
    spec: { ...spec, username: 'bob', expirationSeconds: 3600 },
    status,
  });
  expect(cells(certificateSigningRequests, request)).toEqual({
    Name: 'x',
    Age: '60m',
    SignerName: 'example.com/signer',
    Requestor: 'bob',
    RequestedDuration: '60m',
    Condition: condition,
  });
});
