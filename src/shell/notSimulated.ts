import type { Program } from '#world/machine/program.ts';

const install = 'nothing has to be installed here; press Tab on an empty line to see every command';
const cluster = 'the cluster is already running: try `kubectl cluster-info` and `kubectl get nodes`';
const images =
  'images come from the simulated registry: name one in a manifest, or `kubectl create deployment web --image=nginx`';
const language = 'write it for bash with grep, sed, awk and jq instead';

/** Commands that learners know, what they are not here, and what to use instead. */
const instead: Readonly<Record<string, string>> = {
  apk: install,
  apt: install,
  'apt-get': install,
  brew: install,
  buildah: images,
  crictl: 'it is on the nodes: `ssh control-plane crictl ps`',
  dig: 'use `nslookup NAME`',
  dnf: install,
  docker: images,
  'docker-compose': 'use Deployments and Services: `kubectl apply -f FILE`',
  free: 'use `kubectl top nodes`',
  gcloud: cluster,
  aws: cluster,
  az: cluster,
  git: 'files are kept with the session; edit them with `nano` or the editor',
  go: language,
  helm: 'apply the manifests themselves: `kubectl apply -f FILE`',
  htop: 'use `kubectl top pods`',
  ifconfig: 'addresses are listed by `kubectl get pods -o wide`',
  ip: 'addresses are listed by `kubectl get pods -o wide`',
  iptables: "a Service's backends are listed by `kubectl get endpointslices`",
  istioctl: 'use Services, Ingress and NetworkPolicy',
  java: language,
  k3d: cluster,
  k3s: cluster,
  k9s: 'use the graph, or `watch kubectl get pods`',
  kind: cluster,
  kubeadm: 'it is on the nodes: `ssh control-plane kubeadm upgrade plan`',
  kustomize: 'apply the manifests themselves: `kubectl apply -f FILE`',
  make: 'write the steps into a script and run it with bash',
  man: 'try `kubectl explain KIND` or `kubectl COMMAND --help`',
  node: language,
  npm: install,
  perl: language,
  pip: install,
  pip3: install,
  podman: images,
  python: language,
  python3: language,
  ruby: language,
  scp: 'copy into a container with `kubectl exec -i POD -- sh -c "cat > FILE" < FILE`',
  service: 'nodes are stopped and started from the page',
  su: 'you are already allowed to do everything here',
  sudo: 'you are already allowed to do everything here: leave `sudo` away',
  systemctl: 'it is on the nodes: `ssh node-1 systemctl status kubelet`',
  terraform: cluster,
  tcpdump: 'requests are shown on the graph',
  telnet: 'use `nc -zv HOST PORT`',
  tmux: 'open another terminal tab',
  top: 'use `kubectl top pods`',
  yum: install,
};

function minikubeHint(args: readonly string[]): string {
  if (args[1] === 'service') {
    return 'a NodePort answers on every node: `kubectl get nodes -o wide` for an address, `kubectl get service NAME` for the port';
  }
  if (args[1] === 'dashboard') return 'the page is the dashboard';
  if (args[1] === 'addons') return 'metrics are already there: `kubectl top nodes`';
  return cluster;
}

function answer(hintOf: (args: readonly string[]) => string): Program {
  return async (process) => {
    await process.stderr.write(`${process.args[0]}: not simulated yet; ${hintOf(process.args)}\n`);
    return 127;
  };
}

/** Programs that say in one line that they are not simulated, and what to use instead. */
export const notSimulated: ReadonlyMap<string, Program> = new Map([
  ...Object.entries(instead).map(([name, hint]) => [name, answer(() => hint)] as const),
  ['minikube', answer(minikubeHint)] as const,
]);
