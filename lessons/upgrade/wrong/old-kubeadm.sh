kubectl get nodes
ssh control-plane kubeadm upgrade plan
ssh control-plane sudo kubeadm upgrade apply v1.36.0 -y
