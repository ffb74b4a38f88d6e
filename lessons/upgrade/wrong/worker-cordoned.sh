ssh control-plane kubeadm upgrade plan
ssh control-plane "sed -i 's/v1.35/v1.36/' /etc/apt/sources.list.d/kubernetes.list"
ssh control-plane "sudo apt-mark unhold kubeadm && sudo apt-get update && sudo apt-get install -y kubeadm='1.36.0-*' && sudo apt-mark hold kubeadm"
ssh control-plane sudo kubeadm upgrade apply v1.36.0 -y
kubectl drain control-plane --ignore-daemonsets
ssh control-plane "sudo apt-mark unhold kubelet kubectl && sudo apt-get install -y kubelet='1.36.0-*' kubectl='1.36.0-*' && sudo apt-mark hold kubelet kubectl"
ssh control-plane "sudo systemctl daemon-reload && sudo systemctl restart kubelet"
kubectl uncordon control-plane
ssh node-1 "sed -i 's/v1.35/v1.36/' /etc/apt/sources.list.d/kubernetes.list && sudo apt-mark unhold kubeadm && sudo apt-get update && sudo apt-get install -y kubeadm='1.36.0-*' && sudo apt-mark hold kubeadm"
ssh node-1 sudo kubeadm upgrade node
kubectl drain node-1 --ignore-daemonsets
ssh node-1 "sudo apt-mark unhold kubelet kubectl && sudo apt-get install -y kubelet='1.36.0-*' kubectl='1.36.0-*' && sudo apt-mark hold kubelet kubectl"
ssh node-1 "sudo systemctl daemon-reload && sudo systemctl restart kubelet"
