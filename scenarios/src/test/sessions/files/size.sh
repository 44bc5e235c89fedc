# tells the terminal's size, which may follow when the command already runs
tty
for i in $(seq 50); do [ "$(stty size)" = '33 99' ] && break; sleep 0.1; done
stty size
