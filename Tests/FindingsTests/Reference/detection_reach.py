#!/usr/bin/env python3
"""Writes detection_reach.csv: how far beyond a limit a change must lie to be found four times out of five.

In standard deviations, by drawing 200,000 samples of normal noise, and with p-values of scipy.stats.wilcoxon and
scipy.stats.mannwhitneyu (method "exact", alternative "greater"). A second count of 0 stands for pairs. An empty reach
means that no sample of that size reaches the level. Made with SciPy 1.17.1: python3 detection_reach.py >
detection_reach.csv
"""
import numpy as np
from scipy import stats

ROUNDS = 200_000
random = np.random.default_rng(20261201)


def paired_place(count, level):
    """The largest number of averages at or below the limit that is still significant, by trying distances."""
    ranks = np.arange(1, count + 1)
    best = -1
    for place in range(count * (count + 1) // 2):
        left, signs = place, np.ones(count)
        for rank in ranks[::-1]:  # differences whose negative ranks add up to the place
            if rank <= left:
                signs[rank - 1], left = -1, left - rank
        if stats.wilcoxon(ranks * signs, alternative="greater", method="exact").pvalue > level * (1 + 1e-12):
            break
        best = place
    return best


def unpaired_place(first, second, level):
    best = -1
    for place in range(first * second):
        # Values of the first sample, of which each lies below some of the second: `place` pairs in all.
        below = [place // first + (i < place % first) for i in range(first)]
        values = [second - b + 0.5 + 1e-6 * i for i, b in enumerate(below)]
        test = stats.mannwhitneyu(values, np.arange(second) + 1.0, alternative="greater", method="exact")
        if test.pvalue > level * (1 + 1e-12):
            break
        best = place
    return best


def reach(lows, deviations):
    return float(np.quantile(-lows / random.permutation(deviations), 0.8))


def paired(count, level):
    place = paired_place(count, level)
    if place < 0:
        return ""
    lows, deviations = [], []
    rows, columns = np.triu_indices(count)
    for _ in range(20):
        noise = random.standard_normal((ROUNDS // 20, count))
        averages = (noise[:, rows] + noise[:, columns]) / 2
        lows.append(np.partition(averages, place, axis=1)[:, place])
        deviations.append(noise.std(axis=1, ddof=1))
    return reach(np.concatenate(lows), np.concatenate(deviations))


def unpaired(first, second, level):
    place = unpaired_place(first, second, level)
    if place < 0:
        return ""
    lows, deviations = [], []
    for _ in range(20):
        values = random.standard_normal((ROUNDS // 20, first))
        baselines = random.standard_normal((ROUNDS // 20, second))
        differences = (values[:, :, None] - baselines[:, None, :]).reshape(ROUNDS // 20, -1)
        lows.append(np.partition(differences, place, axis=1)[:, place])
        squares = (first - 1) * values.var(axis=1, ddof=1) + (second - 1) * baselines.var(axis=1, ddof=1)
        deviations.append(np.sqrt(squares / (first + second - 2)))
    return reach(np.concatenate(lows), np.concatenate(deviations))


print("first,second,level,reach")
for count in [4, 5, 6, 8, 10, 12, 20, 40]:
    for level in [0.05, 0.005]:
        print(f"{count},0,{level},{paired(count, level)}")
for first, second in [(3, 3), (5, 5), (8, 10), (20, 20)]:
    for level in [0.05] if first < 8 else [0.05, 0.005]:
        print(f"{first},{second},{level},{unpaired(first, second, level)}")
