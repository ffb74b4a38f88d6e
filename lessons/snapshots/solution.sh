kubectl apply -f snapshot.yaml
kubectl exec notes -- rm /data/notes
kubectl apply -f restore.yaml
kubectl delete pvc notes --wait=false
kubectl delete pod notes
