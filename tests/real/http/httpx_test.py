"""Python's httpx reads a table that `omashu serve` serves: python httpx_test.py URL TABLE ROWS

The table has ROWS rows om-0, om-1, ... of {id, status, size}; every third one has FAILED.
"""

import json
import sys

import httpx


def pages(client, **parameters):
    cursor = None
    while True:
        answer = client.get("rows", params=parameters | ({"cursor": cursor} if cursor else {}))
        answer.raise_for_status()
        page = answer.json()
        yield page["rows"]
        cursor = page.get("cursor")
        if cursor is None:
            return


def main(url, table, count):
    with httpx.Client(base_url=f"{url}/v1/tables/{table}/") as client:
        row = client.get("rows/om-1")
        assert row.status_code == 200, row.text
        assert row.json()["status"] == "RUNNING"
        assert row.headers["content-type"] == "application/json"
        again = client.get("rows/om-1", headers={"If-None-Match": row.headers["etag"]})
        assert again.status_code == 304 and again.content == b"", again
        missing = client.get("rows/none")
        assert missing.status_code == 404, missing
        assert missing.headers["content-type"] == "application/problem+json"
        assert missing.json()["type"] == "/problems/row-not-found"

        rows = [row for page in pages(client, sort="-size", limit=7) for row in page]
        assert [row["value"]["size"] for row in rows] == list(range(count - 1, -1, -1))
        failed = [row for page in pages(client, where="status=FAILED", limit=5) for row in page]
        assert len(failed) == len(range(0, count, 3)), failed

        with client.stream("GET", "rows", headers={"Accept": "application/x-ndjson"}) as stream:
            ids = {json.loads(line)["key"]["id"] for line in stream.iter_lines()}
        assert ids == {f"om-{i}" for i in range(count)}

        counted = client.get("count", params={"by": "status"}).json()
        assert counted["count"] == count
        assert {group["by"]["status"]: group["count"] for group in counted["groups"]}["FAILED"] == len(failed)
        batch = client.post(f"{url}/v1/tables/{table}/rows:batch-get", json={"keys": ["om-0", "none", {"id": "om-2"}]}).json()
        assert [row["key"]["id"] for row in batch["rows"]] == ["om-0", "om-2"]
        assert batch["missing"] == [{"key": {"id": "none"}, "reason": "never-seen"}]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
