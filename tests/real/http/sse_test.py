"""Python's httpx and httpx-sse watch a table that `omashu serve` serves: python sse_test.py URL TABLE COMMAND...

COMMAND puts a row when it is given its id and its value: `COMMAND om-1 {…}`. The table has the rows om-0, om-1 and
om-2 of {id, status, size}; om-0 has FAILED, the others RUNNING.
"""

import base64
import json
import os
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import httpx
from httpx_sse import connect_sse


def shown(event):
    row = json.loads(event.data)
    return f"{event.event} {row['key']['id']} {row['value']['status']}"


def watch_events(client, put):
    where = {"where": "status=RUNNING"}
    with connect_sse(client, "GET", "watch", params=where) as source:
        assert source.response.headers["content-encoding"] == "gzip", source.response.headers
        events = source.iter_sse()
        assert next(events).event == "snapshot"
        assert sorted([shown(next(events)), shown(next(events))]) == ["enter om-1 RUNNING", "enter om-2 RUNNING"]
        ready = next(events)
        assert ready.event == "ready" and ready.id
        put("om-1", "FAILED")
        left = next(events)
        assert shown(left) == "leave om-1 FAILED"
        put("om-0", "RUNNING")
        assert shown(next(events)) == "enter om-0 RUNNING"
    put("om-0", "QUEUED")
    # Whoever was away is told what came since, and nothing else.
    for headers, parameters in ({"Last-Event-ID": left.id}, {}), ({}, {"last-event-id": left.id}):
        with connect_sse(client, "GET", "watch", params=where | parameters, headers=headers) as source:
            events = source.iter_sse()
            assert shown(next(events)) == "enter om-0 RUNNING"
            assert shown(next(events)) == "leave om-0 QUEUED"
    with connect_sse(client, "GET", "watch", params=where, headers={"Last-Event-ID": "another-0-1"}) as source:
        assert next(source.iter_sse()).event == "reset"


def read_message(stream):
    first, length = stream.read(2)
    if length == 126:
        length = int.from_bytes(stream.read(2), "big")
    payload = stream.read(length)
    return (json.loads(payload) if first == 0x81 else payload) if first != 0x88 else None


def watch_socket(url, table, put):
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(
            f"GET /v1/tables/{table}/watch?where=status%3DRUNNING&fields=status HTTP/1.1\r\nHost: {address.netloc}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n".encode())
        stream = connection.makefile("rb")
        assert stream.readline() == b"HTTP/1.1 101 Switching Protocols\r\n"
        while stream.readline() != b"\r\n":
            pass
        assert read_message(stream) == {"event": "snapshot"}
        enter = read_message(stream)
        assert enter["event"] == "enter" and enter["row"]["value"] == {"status": "RUNNING"}, enter
        assert read_message(stream)["event"] == "ready"
        put("om-2", "FAILED")
        leave = read_message(stream)
        assert leave["event"] == "leave" and leave["row"]["key"] == {"id": "om-2"} and leave["id"], leave


def main(url, table, command):
    def put(key, status):
        subprocess.run(command + [key, json.dumps({"id": key, "status": status, "size": 1})], check=True,
                       stdout=subprocess.DEVNULL)

    with httpx.Client(base_url=f"{url}/v1/tables/{table}/", timeout=10) as client:
        watch_events(client, put)
    watch_socket(url, table, put)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
