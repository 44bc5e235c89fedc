# Asks the API as programs in pods do (client-go rest.InClusterConfig). First argument: the collection of the pod's namespace.
cd /var/run/secrets/kubernetes.io/serviceaccount || exit 1
curl -sS --cacert ca.crt -H "Authorization: Bearer $(cat token)" \
    "https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/api/v1/namespaces/$(cat namespace)/$1"
