#!/usr/bin/env python3
"""Writes signed_rank.csv: where the ends of the interval lie among the sorted Walsh averages.

P(T+ <= t) is the p-value of scipy.stats.wilcoxon (method "exact", alternative "less") for differences 1 … n
of which those are positive whose ranks add up to t. Made with SciPy 1.17.1: python3 signed_rank.py >
signed_rank.csv
"""
import numpy as np
from scipy import stats


def cumulative(count, total):
    """P(T+ <= total) of that many differences."""
    differences = -np.arange(1.0, count + 1)
    for rank in range(count, 0, -1):
        if rank <= total:
            differences[rank - 1] = rank
            total -= rank
    return stats.wilcoxon(differences, method="exact", alternative="less").pvalue


print("count,confidence,low,high,coverage")
for count in [*range(1, 31), 40, 50, 75, 100]:
    averages = count * (count + 1) // 2
    for confidence in (0.8, 0.9, 0.95, 0.99):
        tail = (1 - confidence) / 2
        below, above = -1, averages // 2 + 1  # P(T+ <= below) is in the tail, P(T+ <= above) is not.
        while above - below > 1:
            middle = (below + above) // 2
            if cumulative(count, middle) <= tail * (1 + 1e-12):
                below = middle
            else:
                above = middle
        if below < 0:
            print(f"{count},{confidence},,,")
        else:
            coverage = 1 - 2 * cumulative(count, below)
            print(f"{count},{confidence},{below},{averages - 1 - below},{coverage:.12g}")
