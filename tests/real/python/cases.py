"""The data that omashu and Confluent's Python client exchange: each value as Python has it, and as omashu's JSON."""

import datetime
import decimal
import json
import struct
import uuid
from dataclasses import dataclass, field
from typing import Any

UTC = datetime.timezone.utc


@dataclass
class Reference:
    name: str  # the full name of the type
    subject: str
    schema: Any


@dataclass
class Record:
    key: Any
    key_json: Any
    value: Any  # None: a tombstone
    value_json: Any


@dataclass
class Case:
    name: str
    key_schema: Any
    value_schema: Any
    records: list
    references: list = field(default_factory=list)


KEY_SCHEMA = {
    "type": "record",
    "name": "Key",
    "namespace": "interop",
    "fields": [{"name": "omashuId", "type": "string"}],
}


def key(number):
    return {"omashuId": f"om-{number}"}


def keyed(values):
    """Records of (value, its JSON), each under a key of its own."""
    return [Record(key(i), key(i), value, text) for i, (value, text) in enumerate(values)]


def record(*fields):
    return {
        "type": "record",
        "name": "Value",
        "namespace": "interop",
        "fields": [{"name": name, "type": type_} for name, type_ in fields],
    }


def plain(*values):
    """Values that Python and JSON spell alike."""
    return keyed([(value, value) for value in values])


def logical(name, avro_type, values):
    """A record with the logical type alone, in an array and behind a union."""
    schema = record(
        ("one", avro_type),
        ("many", {"type": "array", "items": avro_type}),
        ("maybe", ["null", avro_type]),
    )
    if isinstance(avro_type, dict) and avro_type["type"] == "fixed":
        named = avro_type["name"]
        schema = record(("one", avro_type), ("many", {"type": "array", "items": named}), ("maybe", ["null", named]))
    both = [({"one": v, "many": [v, v], "maybe": v}, {"one": j, "many": [j, j], "maybe": j}) for v, j in values]
    first, first_json = values[0]
    both.append(({"one": first, "many": [], "maybe": None}, {"one": first_json, "many": [], "maybe": None}))
    return Case(name, KEY_SCHEMA, schema, keyed(both))


def time_of_day(microsecond):
    return datetime.time(13, 45, 30, microsecond)


def moment(microsecond, tz=UTC):
    return datetime.datetime(2026, 3, 2, 9, 0, 0, microsecond, tzinfo=tz)


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)
BEFORE_EPOCH = datetime.datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)

SOURCE = Reference(
    "interop.Source",
    "interop-source",
    {
        "type": "record",
        "name": "Source",
        "namespace": "interop",
        "fields": [{"name": "url", "type": "string"}, {"name": "sha256", "type": ["null", "string"], "default": None}],
    },
)

CASES = [
    Case(
        "key_schema",
        {
            "type": "record",
            "name": "Key",
            "namespace": "interop",
            "fields": [{"name": "tenant", "type": "int"}, {"name": "omashuId", "type": "string"}],
        },
        record(("bytesSoFar", "long")),
        [
            Record(k, k, v, v)
            for k, v in [
                ({"tenant": 1, "omashuId": "om-1"}, {"bytesSoFar": 0}),
                ({"tenant": -64, "omashuId": "größer, 大きい"}, {"bytesSoFar": -(2**63)}),
                ({"tenant": 2**31 - 1, "omashuId": ""}, {"bytesSoFar": 2**63 - 1}),
            ]
        ],
    ),
    Case(
        "string_key_and_value",
        "string",
        "string",
        [Record("om-1", "om-1", "running", "running"), Record("", "", "ä\u0000\U0001F680", "ä\u0000\U0001F680")],
    ),
    Case(
        "bytes_value",
        KEY_SCHEMA,
        "bytes",
        # Confluent's serializers write top-level bytes without Avro's length.
        keyed([(b"\x01\x02\x03", "\u0001\u0002\u0003"), (b"\x00\xff", "\u0000\u00ff")]),
    ),
    Case(
        "primitives",
        KEY_SCHEMA,
        record(("b", "boolean"), ("i", "int"), ("l", "long"), ("f", "float"), ("d", "double"), ("s", "string")),
        plain(
            {"b": True, "i": -(2**31), "l": -(2**63), "f": 0.5, "d": 0.1, "s": "x"},
            {"b": False, "i": 2**31 - 1, "l": 2**63 - 1, "f": -1.25, "d": -1e300, "s": ""},
        ),
    ),
    Case(
        "collections",
        KEY_SCHEMA,
        record(
            ("numbers", {"type": "array", "items": "int"}),
            ("labels", {"type": "map", "values": "string"}),
            ("digest", {"type": "fixed", "name": "Digest", "size": 2}),
        ),
        keyed(
            [
                (
                    {"numbers": [1, -1, 2**31 - 1], "labels": {"a": "b"}, "digest": b"\x00\xff"},
                    {"numbers": [1, -1, 2**31 - 1], "labels": {"a": "b"}, "digest": "\u0000\u00ff"},
                ),
                (
                    {"numbers": [], "labels": {}, "digest": b"ab"},
                    {"numbers": [], "labels": {}, "digest": "ab"},
                ),
            ]
        ),
    ),
    Case(
        "referenced_schema",
        KEY_SCHEMA,
        record(("source", "interop.Source"), ("mirrors", {"type": "array", "items": "interop.Source"})),
        plain(
            {"source": {"url": "https://a.example/x", "sha256": None}, "mirrors": []},
            {
                "source": {"url": "https://a.example/x", "sha256": "00ff"},
                "mirrors": [{"url": "https://b.example/x", "sha256": None}],
            },
        ),
        references=[SOURCE],
    ),
    Case(
        "union",
        KEY_SCHEMA,
        record(("reason", ["null", "string", "long"])),
        plain({"reason": None}, {"reason": "no route"}, {"reason": 404}),
    ),
    Case(
        "enum",
        KEY_SCHEMA,
        record(("status", {"type": "enum", "name": "Status", "symbols": ["QUEUED", "RUNNING", "FAILED"]})),
        plain({"status": "QUEUED"}, {"status": "RUNNING"}, {"status": "FAILED"}),
    ),
    Case(
        "tombstone",
        KEY_SCHEMA,
        record(("bytesSoFar", "long")),
        [
            Record(key(1), key(1), {"bytesSoFar": 1}, {"bytesSoFar": 1}),
            Record(key(1), key(1), None, None),
        ],
    ),
    logical(
        "decimal_bytes",
        {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2},
        [
            (decimal.Decimal("0.00"), "0.00"),
            # Not -1.28: where -128 fits into one byte, as Java writes it, Python takes two.
            (decimal.Decimal("-1.29"), "-1.29"),
            (decimal.Decimal("9999999999.99"), "9999999999.99"),
        ],
    ),
    logical(
        "decimal_fixed",
        {"type": "fixed", "name": "Money", "size": 6, "logicalType": "decimal", "precision": 12, "scale": 2},
        [(decimal.Decimal("1.00"), "1.00"), (decimal.Decimal("-0.01"), "-0.01")],
    ),
    logical(
        "uuid",
        {"type": "string", "logicalType": "uuid"},
        [(uuid.UUID(int=2**127 + 5), "80000000-0000-0000-0000-000000000005")],
    ),
    logical(
        "date",
        {"type": "int", "logicalType": "date"},
        [(datetime.date(2026, 3, 2), "2026-03-02"), (datetime.date(1969, 12, 31), "1969-12-31")],
    ),
    logical("time_millis", {"type": "int", "logicalType": "time-millis"}, [(time_of_day(123000), "13:45:30.123")]),
    logical("time_micros", {"type": "long", "logicalType": "time-micros"}, [(time_of_day(123456), "13:45:30.123456")]),
    logical(
        "timestamp_millis",
        {"type": "long", "logicalType": "timestamp-millis"},
        [
            (moment(123000), "2026-03-02T09:00:00.123Z"),
            (EPOCH, "1970-01-01T00:00:00.000Z"),
            (BEFORE_EPOCH, "1969-12-31T23:59:59.000Z"),
        ],
    ),
    logical(
        "timestamp_micros",
        {"type": "long", "logicalType": "timestamp-micros"},
        [(moment(123456), "2026-03-02T09:00:00.123456Z"), (BEFORE_EPOCH, "1969-12-31T23:59:59.000000Z")],
    ),
    logical(
        "local_timestamp_millis",
        {"type": "long", "logicalType": "local-timestamp-millis"},
        [(moment(123000, None), "2026-03-02T09:00:00.123")],
    ),
    logical(
        "local_timestamp_micros",
        {"type": "long", "logicalType": "local-timestamp-micros"},
        [(moment(123456, None), "2026-03-02T09:00:00.123456")],
    ),
    # What follows Python has as plain numbers and bytes, omashu as text.
    logical(
        "uuid_fixed",
        {"type": "fixed", "name": "Id", "size": 16, "logicalType": "uuid"},
        [(uuid.UUID(int=5).bytes, "00000000-0000-0000-0000-000000000005")],
    ),
    logical(
        "duration",
        {"type": "fixed", "name": "Span", "size": 12, "logicalType": "duration"},
        [(struct.pack("<III", 1, 2, 3004), "P1M2DT3.004S")],
    ),
    logical(
        "timestamp_nanos",
        {"type": "long", "logicalType": "timestamp-nanos"},
        [(1772442000123456789, "2026-03-02T09:00:00.123456789Z")],
    ),
    logical(
        "local_timestamp_nanos",
        {"type": "long", "logicalType": "local-timestamp-nanos"},
        [(1772442000123456789, "2026-03-02T09:00:00.123456789")],
    ),
]


def text_of(schema):
    return json.dumps(schema, separators=(",", ":"))
