#!/usr/bin/env python3
"""Spreads the rows of a request log over the hour before now, in the order they came.

usage: spread_rows.py arbstr.db

For pictures: a minute's traffic looks like an hour's. The gateway must not be running; it makes the log's segments anew
when it starts.
"""

import datetime
import math
import sqlite3
import sys


def text(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"


def main():
    database = sqlite3.connect(sys.argv[1])
    ids = [row[0] for row in database.execute("SELECT id FROM requests ORDER BY id")]
    now = datetime.datetime.now(datetime.timezone.utc)
    # A swell, twice in the hour.
    weights = [1.0 + 0.6 * math.sin(4 * math.pi * i / len(ids)) for i in range(len(ids))]
    total, passed = sum(weights), 0.0
    with database:
        for row_id, weight in zip(ids, weights):
            passed += weight
            time = now - datetime.timedelta(seconds=3500 * (1 - passed / total) + 2)
            database.execute("UPDATE requests SET timestamp = ? WHERE id = ?", (text(time), row_id))
        database.execute("DELETE FROM segments")
        database.execute("UPDATE rolled_up SET up_to_id = 0")


if __name__ == "__main__":
    main()
