// Upstream: k8s.io/klog/v2 (the header of a line: severity, date and time, process, file and line)

/** The beginning of a line of a component's log: `I0105 09:00:00.000000       1 server.go:150] `. Times are in UTC. */
export function klogHeader(
  severity: 'I' | 'W' | 'E' | 'F',
  atMs: number,
  processId: number,
  source: string,
): string {
  const time = new Date(atMs).toISOString();
  const stamp = `${time.slice(5, 7)}${time.slice(8, 10)} ${time.slice(11, 23)}000`;
  return `${severity}${stamp} ${String(processId).padStart(7)} ${source}] `;
}
