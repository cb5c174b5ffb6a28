"""Python's httpx writes a table that `omashu serve` serves: python httpx_writes_test.py URL TABLE

Values are {id, token, patched}. Threads count in one row by compare-and-set: none of their updates may be lost.
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import httpx

THREADS, INCREMENTS = 6, 15


def count_up(url):
    with httpx.Client(base_url=url) as client:
        for _ in range(INCREMENTS):
            while True:
                row = client.get("rows/counter")
                value = row.json()
                value["token"] = str(int(value["token"]) + 1)
                written = client.put("rows/counter", json=value, headers={"If-Match": row.headers["etag"]})
                if written.status_code == 200:
                    break
                assert written.status_code == 412, written.text
                assert written.json()["type"] == "/problems/precondition-failed"


def main(url, table):
    url = f"{url}/v1/tables/{table}/"
    with httpx.Client(base_url=url) as client:
        created = client.put("rows/om-1", json={"id": "om-1", "token": "a"}, headers={"Idempotency-Key": "one"})
        assert created.status_code == 201, created.text
        again = client.put("rows/om-1", json={"id": "om-1", "token": "a"}, headers={"Idempotency-Key": "one"})
        assert again.status_code == 201 and again.json() == created.json(), again.text
        assert client.get("rows/om-1").headers["etag"] == created.headers["etag"]

        merged = client.patch("rows/om-1", json={"patched": "p"})
        assert merged.status_code == 200, merged.text
        assert client.get("rows/om-1").json() == {"id": "om-1", "token": "a", "patched": "p"}
        payload = client.get("rows/om-1", headers={"Accept": "application/octet-stream"}).content
        copied = client.put("rows/om-1", content=payload, headers={"Content-Type": "application/octet-stream"})
        assert copied.status_code == 200, copied.text

        wrong = client.put("rows/om-1", json={"id": "om-1", "token": 7})
        assert wrong.status_code == 422 and wrong.json()["pointer"] == "/token", wrong.text
        assert client.delete("rows/om-1").status_code == 204
        assert client.delete("rows/om-1").status_code == 410
        assert client.get("rows/om-1").status_code == 410

        assert client.put("rows/counter", json={"id": "counter", "token": "0"}).status_code == 201
        with ThreadPoolExecutor(THREADS) as threads:
            for done in [threads.submit(count_up, url) for _ in range(THREADS)]:
                done.result()
        assert client.get("rows/counter").json()["token"] == str(THREADS * INCREMENTS)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
