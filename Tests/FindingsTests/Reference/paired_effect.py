#!/usr/bin/env python3
"""Writes paired_effect.csv: the effect between paired values, and its 95 % interval by test inversion.

The interval is found without the formula: it holds every shift that scipy.stats.wilcoxon (method "exact",
two-sided) does not reject at 5 %, tried between all neighbouring Walsh averages. Values are "value:baseline"
by block. Made with SciPy 1.17.1: python3 paired_effect.py > paired_effect.csv
"""
import numpy as np
from scipy import stats


def interval(differences):
    """Hodges-Lehmann estimate, and the ends between which no shift is rejected."""
    count = len(differences)
    rows, columns = np.triu_indices(count)
    averages = np.sort((differences[rows] + differences[columns]) / 2)
    centre = np.median(averages)
    if count < 6:
        return centre, None, None
    kept = [
        place
        for place in range(len(averages) - 1)
        if averages[place] < averages[place + 1]
        and stats.wilcoxon(
            differences - (averages[place] + averages[place + 1]) / 2, method="exact"
        ).pvalue > 0.05 * (1 - 1e-9)
    ]
    return centre, averages[kept[0]], averages[kept[-1] + 1]


def line(kind, values, baseline, change):
    pairs = " ".join(f"{float(a)!r}:{float(b)!r}" for a, b in zip(values, baseline))
    numbers = ",".join("" if number is None else repr(float(number)) for number in change)
    print(f"{kind},{pairs},{numbers}")


print("kind,pairs,change,low,high")
random = np.random.default_rng(20260102)
for count in [1, 2, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 40]:
    baseline = np.exp(random.normal(3, 0.4, count))
    values = baseline * np.exp(random.normal(random.normal(0, 0.2), 0.1, count))
    centre, low, high = interval(np.log(values / baseline))
    ends = [None if end is None else np.expm1(end) for end in (centre, low, high)]
    line("ratio", values, baseline, ends)
for count in [6, 8, 10, 15]:
    # Distinct differences, since the exact test knows no ties; one value is 0.
    baseline = random.permutation(np.arange(count, 3 * count, 2.0)) + random.random(count)
    values = baseline + random.normal(2, 3, count)
    values[0] = 0
    centre, low, high = interval(values - baseline)
    mean = np.abs(baseline).mean()
    line("difference", values, baseline, [centre / mean, low / mean, high / mean])
