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
datagram() {
    "$1" timeout 3 bash -c 'exec 3<>"/dev/udp/$0/$1"; echo q >&3; dd bs=4096 count=1 <&3 2> /dev/null' "$2" "$3"
}
# refused COMMAND URL: fails at the first packet, with a refusal: a second one would be sent after 1 s
refused() {
    "$1" curl -s -m 3 -w '%{exitcode} %{time_total}\n' "$2" 2> "$DIR/error" |
        awk '{print $1 == 7 && $2 < 0.95 ? "refused" : "curl ended with " $1 " after " $2 " s"}'
}
