# proxy.sh PATH...: asks a kubectl proxy of its own for each path, then ends it
rm -f "$DIR/proxy.log"
timeout 20 kubectl proxy --port=0 > "$DIR/proxy.log" 2>&1 &
for i in $(seq 100); do grep -qs 'Starting to serve' "$DIR/proxy.log" && break; sleep 0.1; done
address=$(sed -n 's/^Starting to serve on //p' "$DIR/proxy.log")
for path in "$@"; do curl -s -m 10 "http://$address$path"; echo; done
kill %1; wait %1 2>/dev/null
true
