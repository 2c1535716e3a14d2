"""Garbage on the telemetry page, from a workload that writes nonsense."""
import os
import time

from bench import EXIT_CODES, ROOT, rows
from processes import left_over

PAGES_AT_ONCE = 50


def data_folder(bench):
    """heapscale's workloads, and the one of this campaign among them."""
    workloads = bench.make("data/Workloads")
    for name in os.listdir(os.path.join(ROOT, "Workloads")):
        os.symlink(os.path.join(ROOT, "Workloads", name), os.path.join(workloads, name))
    os.symlink(os.path.join(os.path.dirname(os.path.abspath(__file__)), "garbage"), os.path.join(workloads, "garbage"))
    return os.path.dirname(workloads)


def pages(bench, count, rng, tally, deadline):
    data = data_folder(bench)
    plan = os.path.join(bench.folder, "garbage.yaml")
    while count > 0 and time.monotonic() < deadline:
        part = min(count, PAGES_AT_ONCE)
        count -= part
        seeds = [rng.randrange(1 << 31) for _ in range(part)]
        with open(plan, "w", encoding="utf-8") as file:
            file.write("title: Garbage\ntrials: 1\nwarmup: 0\nvariants: [glibc/dynamic]\nworkloads:\n")
            file.writelines(f"  - garbage:seed={seed}\n" for seed in seeds)
        store = bench.store()
        process = bench.start(["run", plan, "--store", store], HEAPSCALE_DATA=data)
        code = bench.end_of(process)
        problem = None
        if code not in EXIT_CODES - {1, 64}:
            problem = f"ended with {code} at seeds {seeds[0]}…; {bench.log()}"
        elif left_over():
            problem = "left processes"
        stored = len(rows(store)) if os.path.exists(store) else 0
        for number in range(part):
            tally.add("garbage page", None if number < stored and not problem else problem or "its trial is not stored")
        for command in (["show"], ["export", "--format", "json"]):
            code = bench.run(command + ["--store", store], HEAPSCALE_DATA=data)
            if code not in EXIT_CODES - {1, 64}:
                tally.add("garbage page", f"{command[0]} ended with {code}; {bench.log()}")
        bench.forget(store)
