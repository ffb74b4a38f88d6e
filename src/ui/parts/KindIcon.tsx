/** Our own drawings of the kinds, on a 20 by 20 grid, in strokes of the text's colour. */
const drawings: Record<string, React.ReactNode> = {
  Pod: <path d="m10 2.5 6.5 3.7v7.6L10 17.5l-6.5-3.7V6.2zM3.8 6.4 10 10l6.2-3.6M10 10v7.2" />,
  Node: (
    <>
      <rect x="2.5" y="4" width="15" height="5" rx="1.2" />
      <rect x="2.5" y="11" width="15" height="5" rx="1.2" />
      <path d="M5.5 6.5h.1M5.5 13.5h.1M9 6.5h5M9 13.5h5" />
    </>
  ),
  Deployment: (
    <>
      <path d="M15.8 7.2A6.5 6.5 0 1 0 16.5 10" />
      <path d="M16.6 3.2v4.2h-4.2" />
      <circle cx="10" cy="10" r="1.6" />
    </>
  ),
  ReplicaSet: (
    <>
      <rect x="6.5" y="6.5" width="10.5" height="10.5" rx="1.4" />
      <path d="M3.5 13V4.5a1 1 0 0 1 1-1H13" />
    </>
  ),
  ReplicationController: (
    <>
      <rect x="6.5" y="6.5" width="10.5" height="10.5" rx="1.4" />
      <path d="M3.5 13V4.5a1 1 0 0 1 1-1H13M9.5 11.8h4.5" />
    </>
  ),
  StatefulSet: (
    <>
      <ellipse cx="10" cy="5" rx="6" ry="2.2" />
      <path d="M4 5v10c0 1.2 2.7 2.2 6 2.2s6-1 6-2.2V5M4 10c0 1.2 2.7 2.2 6 2.2s6-1 6-2.2" />
    </>
  ),
  DaemonSet: <path d="M3 5h14M3 10h14M3 15h14M6 3v4M10 8v4M14 13v4" />,
  Job: <path d="M4 3.5h12v13H4zM7 10l2.2 2.2L13.2 8" />,
  CronJob: (
    <>
      <circle cx="10" cy="10" r="7" />
      <path d="M10 5.8V10l3 2" />
    </>
  ),
  Service: (
    <>
      <circle cx="4.5" cy="10" r="2" />
      <circle cx="15.5" cy="4.5" r="2" />
      <circle cx="15.5" cy="15.5" r="2" />
      <path d="M6.4 9 13.7 5.5M6.4 11l7.3 3.5" />
    </>
  ),
  Ingress: (
    <>
      <path d="M11 3.5h5.5v13H11" />
      <path d="M2.5 10h9M8.5 6.8l3.2 3.2-3.2 3.2" />
    </>
  ),
  HorizontalPodAutoscaler: <path d="M2.5 10h15M5.5 7l-3 3 3 3M14.5 7l3 3-3 3M10 5v10" />,
  ConfigMap: <path d="M5 2.5h7l3.5 3.5v11.5H5zM12 2.5V6h3.5M7.5 10h5M7.5 13.5h5" />,
  Secret: (
    <>
      <rect x="4" y="9" width="12" height="8" rx="1.5" />
      <path d="M6.8 9V6.5a3.2 3.2 0 0 1 6.4 0V9" />
    </>
  ),
  Namespace: <path d="M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4" />,
};

const kindsOfPrefix: Record<string, string> = {
  pods: 'Pod',
  nodes: 'Node',
  services: 'Service',
  deployments: 'Deployment',
  replicasets: 'ReplicaSet',
  replicationcontrollers: 'ReplicationController',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  jobs: 'Job',
  cronjobs: 'CronJob',
  configmaps: 'ConfigMap',
  secrets: 'Secret',
  namespaces: 'Namespace',
  ingresses: 'Ingress',
  horizontalpodautoscalers: 'HorizontalPodAutoscaler',
};

/** The kind that a row id speaks of: `pods/default/web-abc` is a Pod. */
export function kindOfRowId(id: string): string {
  return kindsOfPrefix[id.slice(0, Math.max(0, id.indexOf('/')))] ?? '';
}

export function KindIcon({ kind, className = 'size-4.5' }: { kind: string; className?: string }) {
  return (
    <svg
      viewBox="0 0 20 20"
      aria-hidden="true"
      className={`shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {drawings[kind] ?? <path d="m10 3 7 7-7 7-7-7z" />}
    </svg>
  );
}
