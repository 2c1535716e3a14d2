#!/usr/bin/env python3
"""Writes median_interval.csv: where SciPy puts the ends of the median's interval.

The places come from scipy.stats.quantile_test (on the values 0 … n-1, so that a value is its place), the
coverage from scipy.stats.binom. Made with SciPy 1.17.1: python3 median_interval.py > median_interval.csv
"""
import warnings

import numpy as np
from scipy import stats

warnings.simplefilter("ignore")
print("count,confidence,low,high,coverage")
for count in [*range(1, 61), 75, 99, 100, 101, 150, 250, 500, 1000, 2001, 5000]:
    for confidence in (0.8, 0.9, 0.95, 0.99):
        test = stats.quantile_test(np.arange(count), q=0, p=0.5)
        low, high = test.confidence_interval(confidence)
        if np.isnan(low) or np.isnan(high):
            print(f"{count},{confidence},,,")
        else:
            coverage = 1 - 2 * stats.binom.cdf(int(low), count, 0.5)
            print(f"{count},{confidence},{int(low)},{int(high)},{coverage:.15g}")
