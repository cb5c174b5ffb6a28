"""Runs downloads.sql with PyFlink, and shows the counts by state as they change.

    python -m venv flink && flink/bin/pip install apache-flink==2.2.0
    flink/bin/python pipeline.py downloads.sql JAR...

The jars are the connectors that docs/flink.md names. Ends with Ctrl-C; the job ends with it, since Flink runs in this
process. On a cluster the same file is submitted with `flink run -py`.
"""

import pathlib
import re
import sys

from pyflink.table import EnvironmentSettings, TableEnvironment

SETTING = re.compile(r"SET '([^']*)' = '([^']*)'")


def statements(script):
    """The statements of a script that `omashu flink-sql` printed: an empty line ends each."""
    for text in script.split("\n\n"):
        lines = [line for line in text.splitlines() if not line.startswith("--")]
        statement = "\n".join(lines).strip().removesuffix(";")
        if statement:
            yield statement


def main(script, jars):
    environment = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
    config = environment.get_config()
    config.set("pipeline.jars", ";".join(pathlib.Path(jar).resolve().as_uri() for jar in jars))
    config.set("rest.bind-address", "127.0.0.1")
    for statement in statements(pathlib.Path(script).read_text()):
        setting = SETTING.fullmatch(statement)
        if setting:
            config.set(*setting.groups())
        else:
            environment.execute_sql(statement)

    # Beyond SQL: what the script made are tables of Python, too.
    counts = environment.from_path("`status-download_by_status`")
    with counts.execute().collect() as changes:
        for change in changes:
            print(change.get_row_kind(), *change, flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
