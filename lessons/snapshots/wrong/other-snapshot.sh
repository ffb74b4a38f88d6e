kubectl apply -f snapshot.yaml
kubectl exec notes -- rm /data/notes
sed 's/notes-monday/notes-sunday/' restore.yaml | kubectl apply -f -
