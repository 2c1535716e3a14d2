#!/usr/bin/env python3
"""Writes mann_whitney.csv: P(U <= u) for samples of two sizes.

It is the p-value of scipy.stats.mannwhitneyu (alternative "less"): method "exact" for samples without ties built to
have that u, and method "asymptotic" with continuity correction for large samples of rounded, hence tied values,
which stand in the row. Made with SciPy 1.17.1: python3 mann_whitney.py > mann_whitney.csv
"""
import numpy as np
from scipy import stats


def samples(first, second, total):
    """Two samples without ties, in which exactly that many pairs have the larger value in the first."""
    values, baselines = [], list(range(1, second + 1))
    for place in range(first):
        beaten = min(second, total)
        total -= beaten
        values.append(beaten + 0.5 + place / (4 * first))
    return values, baselines


print("first,second,u,probability,values,baselines")
for first, second in [(1, 1), (1, 8), (2, 3), (4, 4), (3, 7), (5, 10), (10, 10), (12, 9), (20, 15), (40, 40)]:
    for total in sorted({int(first * second * share) for share in (0, 0.05, 0.1, 0.25, 0.4, 0.5, 0.75, 0.95, 1)}):
        test = stats.mannwhitneyu(*samples(first, second, total), alternative="less", method="exact")
        assert test.statistic == total
        print(f"{first},{second},{total},{float(test.pvalue)!r},,")
random = np.random.default_rng(20260103)
for first, second, step in [(60, 60, 0.5), (55, 80, 0.1), (100, 51, 1.0)]:
    # The step of the second is shifted by half, so that values tie within a sample and not between both.
    values = np.round(random.normal(0.2, 1, first) / step) * step
    baselines = np.round(random.normal(0, 1, second) / step) * step + step / 2
    test = stats.mannwhitneyu(values, baselines, alternative="less", method="asymptotic")
    lists = [" ".join(repr(float(value)) for value in side) for side in (values, baselines)]
    print(f"{first},{second},{int(test.statistic)},{float(test.pvalue)!r},{lists[0]},{lists[1]}")
