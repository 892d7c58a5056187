"""Forecasts the hourly series of the M4 competition with other libraries: sMAPE and MASE over 48 hours.

    python3 benches/peers/m4_hourly.py FOLDER [EVERY]

FOLDER holds Hourly-train.csv and Hourly-test.csv as the competition published them, or the same with .gz; EVERY takes
one series in so many (1). The script makes a virtual environment of its own under target/ and installs the versions
below there. `cargo run --release -p tuatara-holt-winters --example m4_hourly -- FOLDER` prints the same of Tuatara; the
measures are described there. A series that a library cannot forecast is counted, and has the day before in its place.
"""

import csv
import gzip
import os
import pathlib
import statistics
import subprocess
import sys
import time
import venv

VERSIONS = ["statsmodels==0.14.6", "statsforecast==2.1.1"]
HOME = pathlib.Path(__file__).resolve().parents[2] / "target" / "peers" / "m4_hourly"
DAY, STEPS = 24, 48

if pathlib.Path(sys.prefix).resolve() != HOME.resolve():
    python = HOME / "bin" / "python"
    if not python.exists():
        venv.create(HOME, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *VERSIONS], check=True)
    os.execv(python, [str(python), *sys.argv])

import importlib.metadata
import warnings

import numpy
from statsforecast.models import AutoETS, HoltWinters
from statsmodels.tsa.holtwinters import ExponentialSmoothing

warnings.simplefilter("ignore")


def rows(folder, name):
    path = folder / name
    opened = open(path, newline="") if path.exists() else gzip.open(f"{path}.gz", "rt", newline="")
    with opened as file:
        table = csv.reader(file)
        next(table)
        return [numpy.array([float(cell) for cell in row[1:] if cell]) for row in table]


def smape(came, forecast):
    return 200 * numpy.mean(numpy.abs(came - forecast) / (numpy.abs(came) + numpy.abs(forecast)))


def mase(known, came, forecast):
    return numpy.mean(numpy.abs(came - forecast)) / numpy.mean(numpy.abs(known[DAY:] - known[:-DAY]))


def day_before(known):
    return numpy.tile(known[-DAY:], 2)


def statsmodels(season, trend="add", damped=False, periods=DAY, start="estimated"):
    def forecast(known):
        model = ExponentialSmoothing(
            known, trend=trend, damped_trend=damped, seasonal=season, seasonal_periods=periods,
            initialization_method=start,
        )
        return model.fit().forecast(STEPS)

    return forecast


def statsforecast(make):
    return lambda known: make().forecast(known, STEPS)["mean"]


folder = pathlib.Path(sys.argv[1])
every = int(sys.argv[2]) if len(sys.argv) > 2 else 1
series = list(zip(rows(folder, "Hourly-train.csv"), rows(folder, "Hourly-test.csv")))[::every]
for library in ["statsmodels", "statsforecast", "numpy"]:
    print(library, importlib.metadata.version(library))
print(f"{len(series)} series, {STEPS} hours ahead", flush=True)
print(f"| {'':<58} |   sMAPE |   MASE | median |  no |      s |")
print(f"|{'-' * 60}|--------:|-------:|-------:|----:|-------:|")

METHODS = {
    "the day before": day_before,
    "the week before": lambda known: known[-7 * DAY :][:STEPS],
    "statsmodels, additive trend, additive season of 24": statsmodels("add"),
    "statsmodels, additive trend, multiplicative season of 24": statsmodels("mul"),
    "statsmodels, no trend, additive season of 24": statsmodels("add", trend=None),
    "statsmodels, damped trend, additive season of 24": statsmodels("add", damped=True),
    "statsmodels, additive trend, additive season of 168, heuristic": statsmodels("add", periods=168, start="heuristic"),
    "statsmodels, additive trend, mult. season of 168, heuristic": statsmodels("mul", periods=168, start="heuristic"),
    "statsforecast HoltWinters, additive season of 24": statsforecast(lambda: HoltWinters(DAY, "A")),
    "statsforecast HoltWinters, multiplicative season of 24": statsforecast(lambda: HoltWinters(DAY, "M")),
    "statsforecast AutoETS, season of 24": statsforecast(lambda: AutoETS(DAY)),
}
for name, method in METHODS.items():
    before, without, smapes, mases = time.perf_counter(), 0, [], []
    for known, came in series:
        try:
            forecast = numpy.asarray(method(known))
        except Exception:
            forecast = numpy.array([numpy.nan])
        if not numpy.isfinite(forecast).all():
            forecast, without = day_before(known), without + 1
        smapes.append(smape(came, forecast))
        mases.append(mase(known, came, forecast))
    took = time.perf_counter() - before
    middle = sorted(mases)[len(mases) // 2]
    print(
        f"| {name:<58} | {statistics.mean(smapes):7.3f} | {statistics.mean(mases):6.3f} | {middle:6.3f} |"
        f" {without:3} | {took:6.1f} |",
        flush=True,
    )
