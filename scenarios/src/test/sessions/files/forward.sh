# forward.sh TARGET PORT: forwards a free local port, asks through it many times at once, then ends
rm -f "$DIR/forward.log"
timeout 20 kubectl port-forward "$1" ":$2" > "$DIR/forward.log" 2>&1 &
for i in $(seq 100); do grep -qs 127.0.0.1 "$DIR/forward.log" && break; sleep 0.1; done
port=$(sed -n 's/^Forwarding from 127.0.0.1:\([0-9]*\).*/\1/p' "$DIR/forward.log")
for i in 1 2 3 4 5 6; do curl -s -m 5 "http://127.0.0.1:$port/" | grep pod= & pids="$pids $!"; done
wait $pids
curl -s -m 5 "http://127.0.0.1:$port/a" "http://127.0.0.1:$port/b" | grep -c pod=
kill %1; wait %1 2>/dev/null
curl -s -m 5 "http://127.0.0.1:$port/" || echo closed
