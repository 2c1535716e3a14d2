#!/usr/bin/env python3
"""Writes quantiles.csv: quantiles of the normal distribution and of Student's t.

`freedom` is empty for the normal distribution. Made with SciPy 1.17.1: python3 quantiles.py > quantiles.csv
"""
from scipy import stats

print("freedom,probability,quantile")
for probability in (1e-10, 1e-5, 0.001, 0.025, 0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.975, 0.995, 0.9999):
    print(f",{probability},{float(stats.norm.ppf(probability))!r}")
for freedom in [*range(1, 41), 50, 78, 99, 100, 500, 999]:
    for probability in (0.001, 0.025, 0.2, 0.5, 0.8, 0.9, 0.95, 0.975, 0.995):
        print(f"{freedom},{probability},{float(stats.t.ppf(probability, freedom))!r}")
