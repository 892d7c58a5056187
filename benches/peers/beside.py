"""Times Tuatara and other libraries on the same inputs in one run, and prints ratios.

    cargo build --release -p tuatara-benches --example beside_peers
    cargo build --release --manifest-path benches/peers/augurs/Cargo.toml --target-dir target/peers/augurs
    python3 benches/peers/beside.py [RUNS]

The script makes a virtual environment of its own under target/ and installs the versions below there. What it prints is
processor time, which a busy machine disturbs less than it does a clock: of the process, one thread each. Each
contestant is warmed up once, so that no compilation is counted; then all take turns, RUNS times (5). A ratio is the median
over the turns of its time divided by that of Tuatara in the same turn, with the smallest and the largest.
"""

import os
import pathlib
import subprocess
import sys
import venv

VERSIONS = [
    "numpy==2.4.6", "pandas==2.3.3", "statsmodels==0.14.6", "statsforecast==2.1.1", "pyod==3.6.7", "stumpy==1.14.1",
    "river==0.26.1",
]
ROOT = pathlib.Path(__file__).resolve().parents[2]
HOME = ROOT / "target" / "peers" / "speed"
OURS = ROOT / "target" / "release" / "examples" / "beside_peers"
AUGURS = ROOT / "target" / "peers" / "augurs" / "release" / "augurs-beside"

if pathlib.Path(sys.prefix).resolve() != HOME.resolve():
    python = HOME / "bin" / "python"
    if not (HOME / "installed").exists():
        venv.create(HOME, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *VERSIONS], check=True)
        (HOME / "installed").touch()
    for threads in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"]:
        os.environ[threads] = "1"
    os.execv(python, [str(python), *sys.argv])

import csv
import importlib.metadata
import platform
import statistics
import time
import warnings

import numpy
import pandas
import stumpy
from pyod.models.iforest import IForest
from pyod.models.pca import PCA
from river import anomaly, stats
from river import time_series as of_river
from statsforecast.models import AutoETS, HoltWinters
from statsmodels.tsa.holtwinters import ExponentialSmoothing

warnings.simplefilter("ignore")

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
INPUTS = ROOT / "target" / "peers" / "inputs"
ROWS, SHORT, WEEK, DAY = 50_000, 10_000, 2016, 288
# A robust deviation is so much times the median distance from the median.
ROBUST = 1.4826


# ---------------------------------------------------------------- the inputs
def smooth(random, rows, season):
    shape = 1 + 0.3 * random.uniform(-1, 1, season)
    level = 1_000 + numpy.cumsum(0.2 + 4 * random.uniform(-1, 1, rows))
    return level * shape[numpy.arange(rows) % season] * (1 + 0.025 * random.uniform(-1, 1, rows))


def long_series(random):
    row = numpy.arange(ROWS)
    values = 100 + 20 * numpy.sin(2 * numpy.pi * row / DAY) + random.normal(0, 3, ROWS)
    values[random.integers(WEEK, ROWS, 50)] += 60
    return values


random = numpy.random.default_rng(1)
INPUTS.mkdir(parents=True, exist_ok=True)
SETS = {
    "365": [smooth(random, 365, 7) for _ in range(10)],
    "720": [smooth(random, 720, 24) for _ in range(10)],
    "trend": [smooth(random, 365, 1) for _ in range(10)],
}
for name, series in SETS.items():
    with open(INPUTS / f"fit-{name}.csv", "w", newline="") as file:
        csv.writer(file).writerows([[repr(float(value)) for value in one] for one in series])
LONG = INPUTS / "long.csv"
stamps = pandas.date_range("2026-01-01", periods=ROWS, freq="5min", tz="UTC").strftime("%Y-%m-%dT%H:%M:%SZ")
pandas.DataFrame({"timestamp": stamps, "value": long_series(random)}).to_csv(LONG, index=False)
SHORT_FILE = INPUTS / "short.csv"
pandas.read_csv(LONG, nrows=SHORT).to_csv(SHORT_FILE, index=False)


# ---------------------------------------------------------------- what is timed
class Program:
    """A program that answers a line with a task by the seconds that it took."""

    def __init__(self, path):
        self.process = subprocess.Popen(
            [path, INPUTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def __call__(self, task):
        def took():
            self.process.stdin.write(task + "\n")
            self.process.stdin.flush()
            return float(self.process.stdout.readline())

        return took


def here(run, times=1):
    def took():
        before = time.process_time()
        for _ in range(times):
            run()
        return (time.process_time() - before) / times

    return took


def each(name, run, most=10):
    """Over the first series of a set, per series."""
    series = SETS[name][:most]
    took = here(lambda: [run(values) for values in series])
    return lambda: took() / len(series)


def statsmodels(season, start, kind="add"):
    return lambda values: ExponentialSmoothing(
        values, trend="add", seasonal=kind if season else None, seasonal_periods=season, initialization_method=start
    ).fit()


def statsmodels_pass(season):
    def run(values):
        ExponentialSmoothing(
            values, trend="add", seasonal="add", seasonal_periods=season, initialization_method="heuristic"
        ).fit(smoothing_level=0.3, smoothing_trend=0.05, smoothing_seasonal=0.1, optimized=False)

    return run


def statsforecast_pass(name, season):
    fitted = HoltWinters(season, "A").fit(SETS[name][0])
    return lambda values: fitted.forward(values, 1, fitted=True)


def river_pass(season):
    def run(values):
        model = of_river.HoltWinters(alpha=0.3, beta=0.05, gamma=0.1, seasonality=season)
        for value in values:
            model.learn_one(value)

    return run


def read(path):
    return pandas.read_csv(path, parse_dates=["timestamp"], index_col="timestamp")["value"]


def robust_z(values):
    """The nearest that pandas has: the distance of each value from its own rolling median."""
    middle = values.rolling(WEEK, min_periods=8).median()
    distance = (values - middle).abs()
    return distance / (ROBUST * distance.rolling(WEEK, min_periods=8).median())


def four_weeks(values):
    before = pandas.concat([values.shift(weeks * WEEK) for weeks in range(1, 5)], axis=1)
    return (values / before.median(axis=1) - 1).abs() > 0.5


def river_median(values):
    middle = stats.RollingQuantile(0.5, WEEK)
    for value in values:
        middle.update(value)
        middle.get()


def windows(values, length=24):
    return numpy.lib.stride_tricks.sliding_window_view(values.to_numpy(), length)


def with_pyod(make):
    return lambda: make().fit(windows(read(LONG)))


def with_river():
    model = anomaly.GaussianScorer(window_size=WEEK)
    for value in read(LONG):
        model.score_one(None, value)
        model.learn_one(None, value)


ours, augurs = Program(OURS), Program(AUGURS)
values = read(LONG)
fitted_here = [value for value in values]


def fits(length, season, kind, most):
    """Every fit of a trend and a season of a kind ("add" or "mul")."""
    return [
        ("Tuatara, BOBYQA", ours(f"fit BOBYQA {kind} {length}")),
        ("Tuatara, Gauss-Newton", ours(f"fit GAUSS_NEWTON {kind} {length}")),
        ("statsmodels, estimated start", each(length, statsmodels(season, "estimated", kind), most)),
        ("statsmodels, heuristic start", each(length, statsmodels(season, "heuristic", kind), most)),
        (
            "statsforecast HoltWinters",
            each(length, lambda values: HoltWinters(season, kind[0].upper()).fit(values), most),
        ),
    ]


TASKS = {
    "fit of trend and season of 7 to 365 values": fits("365", 7, "add", 3),
    "fit of trend and multiplicative season of 7 to 365 values": fits("365", 7, "mul", 3),
    "fit of trend and season of 24 to 720 values": fits("720", 24, "add", 2),
    "fit of trend and multiplicative season of 24 to 720 values": fits("720", 24, "mul", 2),
    "fit of a trend to 365 values": [
        ("Tuatara, BOBYQA", ours("fit BOBYQA none trend")),
        ("Tuatara, Gauss-Newton", ours("fit GAUSS_NEWTON none trend")),
        ("augurs", augurs("fit-trend")),
        ("statsmodels, estimated start", each("trend", statsmodels(None, "estimated"), 3)),
        ("statsforecast AutoETS AAN", each("trend", lambda values: AutoETS(1, "AAN", damped=False).fit(values), 3)),
    ],
    "pass of a fitted model over 720 values": [
        ("Tuatara", ours("pass 720")),
        ("statsmodels, with its results", each("720", statsmodels_pass(24))),
        ("statsforecast, forward", each("720", statsforecast_pass("720", 24))),
        ("river, learn_one", each("720", river_pass(24))),
    ],
    f"rolling median and distance from it, a week of {ROWS} values": [
        ("Tuatara, ROBUST_ZSCORE to anomalies", ours("rolling robust")),
        ("pandas, two rolling medians", here(lambda: robust_z(values))),
        ("pandas, rolling mean and deviation", here(lambda: [values.rolling(WEEK).mean(), values.rolling(WEEK).std()])),
        ("stumpy, mean and deviation of windows", here(lambda: stumpy.core.compute_mean_std(values.to_numpy(), WEEK))),
        ("river, one rolling median", here(lambda: river_median(fitted_here))),
    ],
    f"median of four weeks, {ROWS} values": [
        ("Tuatara, PERCENTAGE_RULE to anomalies", ours("rolling weeks")),
        ("pandas, four shifts and a median", here(lambda: four_weeks(values))),
    ],
    f"CSV of {ROWS} rows to anomalies": [
        ("Tuatara, ROBUST_ZSCORE", ours("anomalies")),
        ("pandas, two rolling medians", here(lambda: (robust_z(read(LONG)) > 8).sum())),
        ("PyOD PCA, windows of 24", here(with_pyod(PCA))),
        ("PyOD IForest, windows of 24", here(with_pyod(IForest))),
        ("river GaussianScorer", here(with_river)),
        (f"stumpy, left profile of {SHORT} rows only", here(lambda: stumpy.stump(read(SHORT_FILE).to_numpy(), DAY))),
    ],
}

print(platform.platform(), "Python", platform.python_version())
for library in ["numpy", "pandas", "statsmodels", "statsforecast", "pyod", "stumpy", "river"]:
    print(library, importlib.metadata.version(library))
for task, contestants in TASKS.items():
    print(f"\n### {task}\n\n| | median ms | times as long | smallest | largest |\n|---|---:|---:|---:|---:|", flush=True)
    for _, took in contestants:
        took()
    turns = [[took() for _, took in contestants] for _ in range(RUNS)]
    for place, (name, _) in enumerate(contestants):
        ratios = sorted(turn[place] / turn[0] for turn in turns)
        middle = statistics.median(turn[place] for turn in turns)
        shown = [f"{ratio:.3g}" for ratio in [statistics.median(ratios), ratios[0], ratios[-1]]]
        print(f"| {name} | {1_000 * middle:.4g} | {' | '.join(shown)} |", flush=True)
