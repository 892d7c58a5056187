"""How many buckets each rule of a documented configuration flags: the numbers of `table.yaml`.

Written for this count alone, from the documentation of the rules; Python 3.11, standard library.
Run it in this folder: `python3 count.py`.
"""

import csv
from collections import defaultdict
from datetime import datetime
from statistics import median

HOUR = 3600
WEEK = 168 * HOUR


def series(by=(), only=None):
    """The orders of each combination of `by`, summed by hour, of rows that `only` keeps."""
    only = only or {}
    found = defaultdict(lambda: defaultdict(float))
    with open("../../../../datasets/hourly-orders.csv", newline="") as file:
        for row in csv.DictReader(file):
            if all(row[name] in values for name, values in only.items()):
                at = int(datetime.fromisoformat(row["timestamp"]).timestamp())
                found[tuple(row[name] for name in by)][at] += float(row["orders"])
    return list(found.values())


def threshold(values, low=None, high=None):
    inside = lambda v: (low is None or v >= low) and (high is None or v <= high)
    return sum(not inside(v) for v in values.values())


def changes(values, lags, width, sides=("up", "down")):
    """Buckets more than `width(baseline)` away from the median of those `lags` weeks before."""
    flagged = 0
    for at, value in values.items():
        past = [values[at - lag * WEEK] for lag in lags if at - lag * WEEK in values]
        if not past:
            continue
        base = median(past)
        flagged += "up" in sides and value > base + width(base)
        flagged += "down" in sides and value < base - width(base)
    return flagged


def percent(fraction):
    return lambda base: fraction * abs(base)


def total(of, counted):
    return len(of), sum(counted(values) for values in of)


ALL = series()
US = {"country": ["US"]}
print("complete_with_basic_settings", total(ALL, lambda v: changes(v, [1], percent(0.1), ["up"])))
print("multiple_rules 1", total(ALL, lambda v: changes(v, [1], percent(0.1))))
print("multiple_rules 2", total(ALL, lambda v: threshold(v, low=35_800_000)))
india = series(only={"country": ["US"], "platform": ["web"]})
print("example_of_a_threshold", total(india, lambda v: threshold(v, high=7000)))
print("example_of_a_percentage", total(series(["platform"]), lambda v: changes(v, [1], percent(0.01))))
print("example_of_multiple_rules 1", total(ALL, lambda v: changes(v, [1], percent(0.01))))
print("example_of_multiple_rules 2", total(ALL, lambda v: threshold(v, low=38_000_000)))
swi = series(["platform"], US)
print("sitewide_impact_filter", total(swi, lambda v: changes(v, [1, 2, 3, 4], percent(0.01))))
base = lambda v: changes(v, [1], percent(0.3))
print("the base", total(ALL, base))
print("first_rule, percentage_rule", total(ALL, lambda v: changes(v, [1], percent(0.1))))
print("filter_rules", total(ALL, lambda v: threshold(v, low=10_000)))
print("one_dimension", total(series(["country"]), base))
print("two_dimensions, data_filter", total(series(["country", "platform"]), base))
print("filter_of_values", total(series(only={"country": ["US", "CA"]}), base))
print("filter_of_browsers", total(series(only=US), base))
print("threshold_rule", total(ALL, lambda v: threshold(v, high=1000)))
print("absolute_change_rule", total(ALL, lambda v: changes(v, [1], lambda _: 100)))
