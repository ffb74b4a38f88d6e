kubectl apply -f green.yaml
cat extender.yaml
bash install.sh
