kubectl apply -f green.yaml
kubectl apply -f extender.yaml
bash install.sh
kubectl patch configmap rules -n kube-system --type=merge -p '{"data":{"filter.cel":"node.metadata.labels.power == \"wind\""}}'
sleep 90; kubectl rollout restart deployment green
kubectl patch configmap rules -n kube-system --type=merge -p '{"data":{"score.cel":"10 - int(node.metadata.labels.price)"}}'
sleep 90; kubectl rollout restart deployment green
