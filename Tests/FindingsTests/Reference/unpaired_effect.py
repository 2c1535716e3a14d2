#!/usr/bin/env python3
"""Writes unpaired_effect.csv: the effect between two samples, and its 95 % interval by test inversion.

The interval is found without the formula: it holds every shift of the logarithms that scipy.stats.mannwhitneyu
(method "exact", two-sided) does not reject at 5 %, tried between all neighbouring differences. Made with SciPy
1.17.1: python3 unpaired_effect.py > unpaired_effect.csv
"""
import numpy as np
from scipy import stats

print("values,baselines,change,low,high")
random = np.random.default_rng(20260104)
for first, second in [(1, 1), (3, 3), (4, 4), (2, 8), (3, 12), (6, 6), (8, 5), (10, 10), (12, 20)]:
    values = np.exp(random.normal(3.1, 0.2, first))
    baselines = np.exp(random.normal(3, 0.2, second))
    logs, others = np.log(values), np.log(baselines)
    differences = np.sort(np.subtract.outer(logs, others).ravel())
    kept = [
        place
        for place in range(len(differences) - 1)
        if stats.mannwhitneyu(
            logs - (differences[place] + differences[place + 1]) / 2, others, method="exact"
        ).pvalue > 0.05 * (1 + 1e-9)
    ]
    # With too few values even a shift beyond all differences is not rejected.
    beyond = stats.mannwhitneyu(logs - differences[-1] - 1, others, method="exact").pvalue > 0.05
    ends = [np.median(differences)]
    ends += [None, None] if beyond else [differences[kept[0]], differences[kept[-1] + 1]]
    numbers = ",".join("" if end is None else repr(float(np.expm1(end))) for end in ends)
    lists = [" ".join(repr(float(value)) for value in side) for side in (values, baselines)]
    print(f"{lists[0]},{lists[1]},{numbers}")
