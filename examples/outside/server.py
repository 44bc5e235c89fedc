#!/usr/bin/env python3
"""A server outside the cluster: a web server, and the name server that knows its name.

usage: server.py ADDRESS NAME PORT

Goes to the background when both listen, and prints its process number.
"""

import http.server
import os
import socket
import struct
import sys
import threading

TTL_SECONDS = 5


def wire_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def dns_reply(query, name, address):
    """The address for our name, nothing for its other types, NXDOMAIN for all other names."""
    question = query[12 : query.index(b"\0", 12) + 5]
    known = question[:-4].lower() == wire_name(name)
    answers = known and question[-4:] == struct.pack(">HH", 1, 1)
    flags = 0x8580 if known else 0x8583
    header = query[:2] + struct.pack(">HHHHH", flags, 1, 1 if answers else 0, 0, 0)
    record = struct.pack(">HHHIH", 0xC00C, 1, 1, TTL_SECONDS, 4) + socket.inet_aton(address)
    return header + question + (record if answers else b"")


def serve_names(names, name, address):
    while True:
        query, client = names.recvfrom(512)
        try:
            names.sendto(dns_reply(query, name, address), client)
        except ValueError:
            pass  # not a question


def page_server(address, name, port):
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"server={name}\n".encode())

        def log_message(self, *_):
            pass

    return http.server.ThreadingHTTPServer((address, port), Page)


def main():
    address, name, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind((address, 53))
    pages = page_server(address, name, port)
    child = os.fork()
    if child:
        print(child)
        return
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    threading.Thread(target=serve_names, args=(names, name, address), daemon=True).start()
    pages.serve_forever()


if __name__ == "__main__":
    main()
