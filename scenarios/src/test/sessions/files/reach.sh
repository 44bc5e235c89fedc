# what the sessions about reaching Services call; CLUSTER is the cluster's name
pod() { kubectl exec client -- "$@"; }
outside() { ip netns exec "$CLUSTER-outside" "$@"; }
node() { ip netns exec "$CLUSTER-node-1" "$@"; }
# get SERVICE PATH: a value of a Service
get() { kubectl get svc "$1" -o jsonpath="{$2}"; }
# ask COMMAND... URL: one HTTP request, made by the command (pod, outside or node)
ask() { "$1" curl -sS -m 3 "$2"; }
# url ADDRESS [PORT]
url() { case $1 in *:*) echo "http://[$1]:${2:-80}" ;; *) echo "http://$1:${2:-80}" ;; esac; }
# datagram COMMAND ADDRESS PORT: one datagram and its answer
datagram() { "$1" sh -c "echo q | socat -T1 - UDP:$2:$3"; }
# refused COMMAND URL: fails at once, with a refusal and not by waiting
refused() {
    "$1" curl -s -m 3 -w '%{exitcode} %{time_total}\n' "$2" 2> "$DIR/error" |
        awk '{print $1 == 7 && $2 < 0.5 ? "refused" : "curl ended with " $1 " after " $2 " s"}'
}
