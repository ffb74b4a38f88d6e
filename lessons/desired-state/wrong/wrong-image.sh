kubectl create deployment web --image=ngnix --replicas=3
