import { expect, test } from 'vitest';
import { encodeBase64 } from '../base64.ts';
import { writePem } from '../pem.ts';
import { certificateOf } from '../testing/certificates.ts';
import { requests } from '../testing/certificateRequests.ts';
import { cells, created, createErrors, stored } from '../testing/kindTable.ts';
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
    'a usage that is none',
    { usages: ['reading'] },
    [
      'spec.usages[0]: Unsupported value: "reading": supported values: "any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment", "decipher only", "digital signature", "email protection", "encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement", "key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime", "server auth", "signing", "timestamping"',
    ],
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

test('the subject is read from the request', () => {
  expect(requestedCertificate(created(certificateSigningRequests, { spec }))?.subject).toEqual({
    commonName: 'jane',
    organizations: ['dev', 'ops'],
  });
});

const certificate = encodeBase64(certificateOf('jane'));
const approved = { type: 'Approved', status: 'True' };
const denied = { type: 'Denied', status: 'True' };
const failed = { type: 'Failed', status: 'True' };
const statusField = 'status.conditions';

// Upstream: pkg/apis/certificates/validation/validation_test.go Test_validateConditions, TestValidateCertificateSigningRequestUpdate
test.each<[string, string, object, object, string[]]>([
  ['nothing', 'status', {}, {}, []],
  ['a condition of one’s own', 'status', {}, { conditions: [{ type: 'Foo', status: 'Unknown' }] }, []],
  ['a failure', 'status', { conditions: [approved] }, { conditions: [approved, failed] }, []],
  ['a certificate', 'status', {}, { certificate }, []],
  ['two certificates', 'status', {}, { certificate: encodeBase64(certificateOf('jane').repeat(2)) }, []],
  [
    'an approval by the status',
    'status',
    {},
    { conditions: [approved] },
    [`${statusField}: Forbidden: updates may not add a condition of type "Approved"`],
  ],
  ['an approval', 'approval', {}, { conditions: [approved] }, []],
  [
    'an approval and its taking back',
    'approval',
    { conditions: [approved] },
    { conditions: [denied] },
    [`${statusField}: Forbidden: updates may not remove a condition of type "Approved"`],
  ],
  [
    'a failure that is taken back',
    'status',
    { conditions: [failed] },
    {},
    [`${statusField}: Forbidden: updates may not remove a condition of type "Failed"`],
  ],
  [
    'yes and no',
    'approval',
    {},
    { conditions: [approved, denied] },
    [`${statusField}: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive`],
  ],
  [
    'conditions that are none',
    'status',
    {},
    { conditions: [{ type: '' }, { type: 'Failed', status: 'False' }, { type: 'Foo', status: 'yes' }] },
    [
      `${statusField}[0].type: Required value`,
      `${statusField}[0].status: Required value`,
      `${statusField}[1].status: Unsupported value: "False": supported values: "True"`,
      `${statusField}[2].status: Unsupported value: "yes": supported values: "False", "True", "Unknown"`,
    ],
  ],
  [
    'a condition twice',
    'status',
    {},
    { conditions: [failed, failed] },
    [`${statusField}[1].type: Duplicate value: "Failed"`],
  ],
  [
    'another certificate',
    'status',
    { certificate },
    { certificate: '' },
    ['status.certificate: Forbidden: updates may not modify existing certificate content'],
  ],
  ...(
    [
      ['a', 'must contain at least one CERTIFICATE PEM block'],
      [writePem('PRIVATE KEY', [1]), 'only CERTIFICATE PEM blocks are allowed, found "PRIVATE KEY"'],
      [writePem('CERTIFICATE', [1]).replace('-\n', '-\nHeader: 1\n\n'), 'no PEM block headers are permitted'],
      [writePem('CERTIFICATE', []), 'found CERTIFICATE PEM block containing 0 certificates'],
      [writePem('CERTIFICATE', [1]), 'x509: malformed certificate'],
    ] as const
  ).map(([text, why]): [string, string, object, object, string[]] => [
    JSON.stringify(text),
    'status',
    {},
    { certificate: encodeBase64(text) },
    [`status.certificate: Invalid value: "<certificate data>": ${why}`],
  ]),
])('%s, by %s', (_name, door, before, after, expected) => {
  const of = (status: object) => stored(certificateSigningRequests, { spec, status });
  const errors = validateStatusUpdate(certificateSigningRequests, of(after), of(before), door);
  expect(errors.map(({ field, message }) => `${field}: ${message}`)).toEqual(expected);
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
