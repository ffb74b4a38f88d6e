kubectl apply -f snapshot.yaml
kubectl exec notes -- rm /data/notes
sed 's/1Gi/500Mi/' restore.yaml | kubectl apply -f -
