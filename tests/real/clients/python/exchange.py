"""Lines of text become records, and records lines: KEY TAB VALUE."""

import sys

from kafka import fetch, produce


def input_lines():
    return [line.rstrip("\n").split("\t") for line in sys.stdin]


def write(topic, codec):
    produce(topic, [{"key": key, "value": value} for key, value in input_lines()], compression_type=codec)


def read(count, topics):
    for message in fetch(count, topics):
        print(message.key().decode(), message.value().decode(), sep="\t")
