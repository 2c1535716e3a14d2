#!/usr/bin/env python3
"""Writes verdict_probability.csv: one-sided p-values of a change beyond a threshold.

They are those of scipy.stats.wilcoxon (method "exact") on the differences of logarithms less ln(1 + threshold),
alternative "greater", and plus it, alternative "less".
Values are "value:baseline" by block. Made with SciPy 1.17.1: python3 verdict_probability.py >
verdict_probability.csv
"""
import numpy as np
from scipy import stats

print("pairs,threshold,above,below")
random = np.random.default_rng(20260105)
for count in [2, 5, 6, 8, 10, 11, 15, 20, 40]:
    for threshold in (0.005, 0.02, 0.1):
        baselines = np.exp(random.normal(3, 0.4, count))
        values = baselines * np.exp(random.normal(random.normal(0, 2 * threshold), 0.04, count))
        logs = np.log(values) - np.log(baselines)
        above = stats.wilcoxon(logs - np.log1p(threshold), alternative="greater", method="exact").pvalue
        below = stats.wilcoxon(logs + np.log1p(threshold), alternative="less", method="exact").pvalue
        pairs = " ".join(f"{float(a)!r}:{float(b)!r}" for a, b in zip(values, baselines))
        print(f"{pairs},{threshold},{float(above)!r},{float(below)!r}")
