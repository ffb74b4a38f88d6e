type Made = readonly [path: string, body: object];

const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } };
const template = {
  metadata: { labels: { app: 's' } },
  spec: { containers: [{ name: 'c', image: 'x:1' }] },
};

/** Objects that the recorded server had, but whose creation was not recorded: by the exchange before which they came. */
export const preparations: Readonly<Record<string, readonly Made[]>> = {
  'limits/defaulted pod': [
    [
      '/api/v1/namespaces/rec/limitranges',
      {
        metadata: { name: 'l' },
        spec: {
          limits: [
            {
              type: 'Container',
              max: { cpu: '1' },
              default: { cpu: '500m' },
              defaultRequest: { cpu: '100m' },
            },
          ],
        },
      },
    ],
  ],
  'default/pod minimal': [
    ['/api/v1/namespaces', { metadata: { name: 'rec' } }],
    ['/api/v1/namespaces', { metadata: { name: 'default' } }],
    ['/api/v1/namespaces/rec/serviceaccounts', { metadata: { name: 'default' } }],
  ],
  'service/clusterip immutable': [
    [
      '/api/v1/namespaces/rec/services',
      { metadata: { name: 's' }, spec: { selector: { a: 'b' }, ports: [{ port: 80 }] } },
    ],
  ],
  'secret/immutable change': [
    ['/api/v1/namespaces/rec/secrets', { metadata: { name: 'im' }, immutable: true, stringData: { a: '1' } }],
  ],
  'statefulset/forbidden update': [
    [
      '/apis/apps/v1/namespaces/rec/statefulsets',
      {
        metadata: { name: 's' },
        spec: { serviceName: 's', selector: { matchLabels: { app: 's' } }, template },
      },
    ],
  ],
  'pvc/shrink': [['/api/v1/namespaces/rec/persistentvolumeclaims', { metadata: { name: 'c' }, spec: claim }]],
};

/**
 * Where this server answers otherwise than 1.20 did, and why: by the start of an exchange's name and of a place in its
 * answer. Every row must be needed.
 */
export const changedSince: readonly (readonly [where: RegExp, why: string])[] = [
  [/ body\..*metadata\.generation: \d, recorded nothing/, 'pods, jobs and cron jobs count generations'],
  [
    /(volumes|volumeMounts)\[\d\]\.(name|projected|secret): .*recorded .*(default-token|nothing)/,
    'tokens are projected',
  ],
  [
    /[tT]emplate\.metadata(\.creationTimestamp)?: .*recorded .*creationTimestamp/,
    'no time is not printed as null',
  ],
  [/daemonset .*rollingUpdate\.maxSurge: 0/, 'daemon sets may surge'],
  [/batch\.kubernetes\.io\/(job-name|controller-uid): ".*", recorded nothing/, 'labels have a domain'],
  [/^(default\/)?job.*controller-uid: /, 'labels have a domain'],
  [
    /^(default\/job|job\/).*spec\.(completionMode|suspend|podReplacementPolicy|manualSelector): /,
    'newer fields of jobs',
  ],
  [/\.internalTrafficPolicy: "Cluster"/, 'a newer field of services'],
  [/^default\/service .*\.(clusterIPs?|ipFamil\w+): .*recorded nothing/, 'dry runs allocate too'],
  [
    /^service\/to nodeport .*\.(clusterIPs?|ipFamil\w+|internalTrafficPolicy)/,
    'another address; newer fields',
  ],
  [/^default\/hpa v2 .*recorded null/, 'empty lists are left out'],
  [/^default\/namespace .*metadata\.labels: /, 'namespaces are labelled with their names'],
  [/^invalid\/request over limit .*limit of 1/, 'the sentence names the limit'],
  [/^invalid\/(quantity|type string|yaml number name) message: /, 'another JSON decoder'],
  [/^invalid\/env name /, 'names of variables are nearly free since 1.34'],
  [/^invalid\/service (nodeport range|ip) /, 'dry runs allocate too'],
  [/^invalid\/service name digit /, 'names of services may begin with a digit since 1.36'],
  [/^invalid\/(ingress path|netpol) details\.group: /, 'the group is named'],
  [
    /^invalid\/netpol causes\[0\]\.message: "Invalid value: \\"x\\": must be a valid CIDR/,
    'another sentence',
  ],
  [/^life\/put stale message: /, 'the uid in the request is of another run'],
  [/^table\/pods .*Restarts string/, 'the column tells when the last restart was'],
  [/^table\/(pvc|pv columns) /, 'a column VolumeAttributesClass'],
  [/^table\/jobs /, 'a column Status'],
  [/^table\/sa /, 'the column Secrets is gone'],
  [/^table\/quota columns /, 'the age comes last'],
  [/^table\/cron columns /, 'a column Timezone'],
  [/^table\/pc columns /, 'a column PreemptionPolicy'],
  [/^life\/generateName body\.metadata\.name: /, 'chance'],
  [/^pod\/immutable causes\[0\]\.message: /, 'more may change'],
  [/^statefulset\/forbidden update .*message: /, 'more may change'],
  [/^pvc\/shrink causes/, 'other sentences; an expansion can be given up'],
];

/** What the recorded server's own controllers had written by then, of which there are none here. */
export const ofControllers: readonly RegExp[] = [
  /^(patch|status|scale)\/.* body\.(status|metadata\.annotations)/,
];

/** Exchanges whose answers are not compared yet, by the start of their names, and what is missing. */
export const notYet: Readonly<Record<string, string>> = {
  'life/unknown group': 'the plain text for a path that nothing serves',
  'life/accept': 'the sentence about media types',
  'patch/unknown type': 'the sentence about media types',
  'pod/log unreachable': 'logs, which a cluster plugs in',
  'list/': 'the lists of another room',
  'delete/': 'the objects that other exchanges leave',
  'discovery/': 'discovery of another room',
  'managed/': 'server-side apply',
  'rbac/escalation refused': 'the roles of every cluster, which are made with it',
  'rbac/self rules': 'the roles of every cluster, which are made with it',
  'rbac/roleRef immutable': 'a binding that no exchange makes',
  'rbac/review': 'the creation timestamp of a review, which is null',
  'quota/': 'the ResourceQuota admission plugin, and the controller that counts',
  'crd/': 'custom resources',
};
