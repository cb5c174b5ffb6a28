"""fastavro on the same records: see bench/avro.   fastavro_peer.py FOLDER PASSES"""

import io
import json
import struct
import sys
import time

import fastavro


def read_records(path):
    with open(path, "rb") as file:
        data = file.read()
    records = []
    at = 0
    while at < len(data):
        (size,) = struct.unpack_from("<I", data, at)
        records.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return records


def measure(name, what, passes, records, work):
    work(records[0])
    least = None
    for _ in range(passes):
        start = time.process_time()
        for record in records:
            work(record)
        spent = time.process_time() - start
        least = spent if least is None else min(least, spent)
    print(f"fastavro\t{what}\t{name}\t{least * 1e9 / len(records):.1f}", flush=True)


def main(folder, passes):
    for name, share in (("status", 10), ("wide", 10)):
        with open(f"{folder}/{name}.avsc") as file:
            schema = fastavro.parse_schema(json.load(file))
        with open(f"{folder}/{name}.reader.avsc") as file:
            reader = fastavro.parse_schema(json.load(file))
        records = read_records(f"{folder}/{name}.bin")
        records = records[: len(records) // share]
        measure(name, "decode", passes, records, lambda r: fastavro.schemaless_reader(io.BytesIO(r), schema, None))
        measure(name, "resolve", passes, records, lambda r: fastavro.schemaless_reader(io.BytesIO(r), schema, reader))
        values = [fastavro.schemaless_reader(io.BytesIO(r), schema, None) for r in records]
        measure(name, "encode", passes, values, lambda v: fastavro.schemaless_writer(io.BytesIO(), schema, v))


main(sys.argv[1], int(sys.argv[2]))
