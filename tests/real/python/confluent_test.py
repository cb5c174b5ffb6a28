"""What omashu and Confluent's Python client write is the same, byte for byte, and each reads what the other wrote.

    confluent_test.py ConfluentTest.test_NAME

with KAFKA_BOOTSTRAP_SERVERS, SCHEMA_REGISTRY_URL and OMASHU_PROGRAM in the environment.
"""

import json
import os
import subprocess
import unittest

from cases import CASES
from confluent_peer import Peer

DEADLINE_S = 60


def omashu(*arguments, lines=()):
    """Runs omashu on lines of JSON; its stdout as a list of lines."""
    done = subprocess.run(
        [os.environ["OMASHU_PROGRAM"], *arguments],
        input="".join(line + "\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
    )
    if done.returncode != 0:
        raise AssertionError(f"omashu {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
    return done.stdout.splitlines()


def exchange(test, case):
    """The first half of the topic is Python's, the second omashu's."""
    topic = f"confluent-{case.name.replace('_', '-')}"
    peer = Peer(os.environ["KAFKA_BOOTSTRAP_SERVERS"], os.environ["SCHEMA_REGISTRY_URL"], topic)
    peer.create_topic()
    peer.register(case)
    count = len(case.records)

    peer.write(case.records)
    lines = [json.dumps({"key": record.key_json, "value": record.value_json}) for record in case.records]
    omashu("produce", topic, lines=lines)

    payloads = peer.read_bytes(2 * count)
    test.assertEqual(payloads[count:], payloads[:count])
    test.assertEqual(peer.decode(payloads[count:]), [(record.key, record.value) for record in case.records])

    rows = [json.loads(line) for line in omashu("consume", topic, "--from-beginning", "--max-messages", str(2 * count))]
    expected = [(record.key_json, record.value_json) for record in case.records]
    test.assertEqual([(row["key"], row["value"]) for row in rows], expected + expected)


class ConfluentTest(unittest.TestCase):
    maxDiff = None


for one_case in CASES:
    setattr(ConfluentTest, f"test_{one_case.name}", lambda self, case=one_case: exchange(self, case))

if __name__ == "__main__":
    unittest.main()
