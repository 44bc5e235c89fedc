# an editor that makes a Service sticky
sed -i 's/sessionAffinity: None/sessionAffinity: ClientIP/' "$1"
