"""Reads the tables of `benches/reading.rs` with pandas and polars, from memory, stamps parsed.

    mkdir tables
    TUATARA_TABLES="$PWD/tables" cargo bench -p tuatara-benches --bench reading
    python3 -m venv peers && peers/bin/pip install pandas polars
    peers/bin/python benches/peers/reading.py tables

Prints the median of seven in milliseconds of processor time; compare in one sitting on one machine only.
"""

import io
import pathlib
import statistics
import sys
import time

import pandas
import polars


def median(read, runs=7):
    taken = []
    for _ in range(runs):
        before = time.process_time()
        read()
        taken.append(time.process_time() - before)
    return 1_000 * statistics.median(taken)


def with_pandas(data):
    return pandas.read_csv(io.BytesIO(data), parse_dates=["timestamp"])


def with_polars(data):
    return polars.read_csv(io.BytesIO(data), try_parse_dates=True)


for table in sorted(pathlib.Path(sys.argv[1]).glob("*.csv")):
    data = table.read_bytes()
    for name, read in [("pandas " + pandas.__version__, with_pandas), ("polars " + polars.__version__, with_polars)]:
        print(f"{table.stem}: {name}: {median(lambda: read(data)):.0f} ms")
