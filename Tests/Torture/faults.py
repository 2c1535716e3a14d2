"""System calls of the harness that fail, one by one or from one on."""
import os
import shutil
import sqlite3
import subprocess
import sys
import time

from bench import EXIT_CODES, rows
from processes import left_over


def build_shim(bench):
    library = os.path.join(bench.folder, "faults.so")
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "faults.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source, "-ldl"], check=True)
    return library


def faults(bench, count, rng, tally, deadline):
    shim = build_shim(bench)
    finished = bench.store()
    first = ["compare", "--arm", "a=/bin/true", "--trials", "1", "--warmup", "0", "--store"]
    if bench.run(first + [finished]) != 0:
        sys.exit(f"torture: heapscale does not work here: {bench.log()}")
    before = rows(finished)
    page = os.path.join(bench.folder, "page.html")
    commands = {
        "compare": first + ["{store}"],
        "show": ["show", "--store", "{store}"],
        "export": ["export", "--format", "json", "--store", "{store}"],
        "report": ["report", "--store", "{store}", "--html", page],
        "list": ["list", "settings"],
    }
    totals = {}
    copy = os.path.join(bench.folder, "copy.sqlite")
    for name, words in list(commands.items()):
        shutil.copy(finished, copy)
        counted = os.path.join(bench.folder, "count")
        code = bench.run(
            [word.replace("{store}", copy) for word in words], LD_PRELOAD=shim, HS_FAULT_COUNT=counted)
        if code != 0:
            print(f"torture: {name} is left out of faults: it ends with {code}: {bench.log()}", file=sys.stderr)
            del commands[name]
            continue
        with open(counted, encoding="utf-8") as file:
            totals[name] = int(file.read() or 0)
    for _ in range(count):
        if time.monotonic() > deadline:
            break
        name = rng.choice(sorted(commands))
        fault = f"{rng.randint(1, max(1, totals[name]))}:{rng.randint(0, 59)}:{rng.randint(0, 1)}"
        bench.forget(copy)
        shutil.copy(finished, copy)
        process = bench.start([word.replace("{store}", copy) for word in commands[name]], LD_PRELOAD=shim, HS_FAULT=fault)
        code = bench.end_of(process)
        problem = None
        if code is None or code not in EXIT_CODES:
            problem = f"{'hangs' if code is None else f'ended with {code}'} at fault {fault}; {bench.log()}"
        left = left_over()
        problem = problem or (f"left {left[0]} at fault {fault}" if left else None)
        if not problem:
            try:
                after = rows(copy)
                if any(after.get(key) != row for key, row in before.items()):
                    problem = f"a stored trial is lost or changed at fault {fault}"
            except sqlite3.DatabaseError as error:
                problem = f"the store is damaged at fault {fault}: {error}"
        tally.add(f"fault in {name}", problem)
