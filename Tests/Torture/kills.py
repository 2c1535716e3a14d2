"""Kills at random moments, in every phase, of every process that heapscale has."""
import os
import shutil
import signal
import sqlite3
import sys
import time

from bench import EXIT_CODES, rows
from processes import descendants, kill, left_over, processes


class Phase:
    """Something that heapscale does: its command, and how long it takes when nobody disturbs it."""

    def __init__(self, name, arguments, trials=0, fresh_cache=False):
        self.name = name
        self.arguments = arguments
        self.trials = trials
        self.fresh_cache = fresh_cache
        self.seconds = 0.0


def phases(bench, finished, quick):
    tree, store = bench.tree, "{store}"
    listed = [
        Phase("run", ["compare", "--arm", f"a={tree}", "--trials", "4", "--warmup", "0", "--seed", "1", "--store", store],
              trials=4),
        Phase("report", ["show", "--store", finished]),
        Phase("build", ["build", "--workload", "larson", "--variant", "glibc/dynamic"], fresh_cache=True),
        Phase("audit", ["audit", "--set", "MALLOC_ARENA_MAX=1", "--variant", "glibc/dynamic"]),
        Phase("profile", ["profile", "--no-simulate", "--", tree]),
    ]
    if not quick and shutil.which("valgrind"):
        listed.append(Phase("simulate", ["profile", "--simulate", "--", "/bin/true"]))
    return listed


VICTIMS = ["harness", "launcher", "guardian", "helper", "both", "group", "program", "tool", "TERM", "INT"]


def choose_victims(kind, root):
    """Numbers and the signal. What is not there at that moment (a tool, a helper) is replaced by the harness."""
    table = processes()
    below = descendants(root, table)
    helpers = [pid for pid in below if "heapscale-launch" in table[pid][1]]
    guardians = [pid for pid in helpers if table[pid][0] == root]
    launchers = [pid for pid in helpers if pid not in guardians]
    watchers = [pid for pid in below if table[pid][0] == root and pid not in helpers]
    others = [pid for pid in below if pid not in helpers and pid not in watchers]
    chosen = {
        "harness": [root], "launcher": launchers, "guardian": guardians, "helper": launchers + guardians,
        "both": launchers + [root], "group": [root] + launchers + guardians, "program": others, "tool": watchers,
    }
    if kind in ("TERM", "INT"):
        return [root], signal.Signals[f"SIG{kind}"]
    return (chosen[kind] or [root]), signal.SIGKILL


def kill_round(bench, phase, kind, rng, tally):
    store = bench.store()
    extra = {"HEAPSCALE_CACHE": bench.make(f"cache-{bench.stores}")} if phase.fresh_cache else {}
    process = bench.start([word.replace("{store}", store) for word in phase.arguments], **extra)
    time.sleep(rng.random() * phase.seconds)
    victims, number = choose_victims(kind, process.pid)
    if kind in ("launcher", "both", "group", "helper") and rng.random() < 0.5:
        victims = victims[::-1]
    if kind == "program":
        victims = rng.sample(victims, 1)
    for victim in victims:
        kill(victim, number)
    code = bench.end_of(process)
    expected = EXIT_CODES | ({-number} if process.pid in victims else set())
    problem = None
    if code is None:
        problem = f"hangs; {bench.log()}"
    elif code not in expected:
        problem = f"ended with {code}; {bench.log()}"
    left = left_over()
    if left:
        problem = problem or f"left {len(left)}: {left[0]}"
    if phase.trials and not problem:
        problem = resume(bench, store, phase.trials)
    if extra:
        shutil.rmtree(extra["HEAPSCALE_CACHE"], ignore_errors=True)
    tally.add(f"{phase.name}: {kind}", problem and f"{problem} (round {bench.stores})")
    bench.forget(store)


def resume(bench, store, trials):
    """A session that was begun is completed, and nothing that was stored is lost, doubled or changed."""
    if not os.path.exists(store):
        return None
    before = {}
    try:
        before = rows(store)
    except sqlite3.OperationalError:
        return None  # killed before the tables were made
    code = bench.run(["run", "--resume", "--store", store])
    if code is None or code < 0:
        return f"resume ended with {code}; {bench.log()}"
    after = rows(store)
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as db:
        sessions = db.execute("SELECT count(*) FROM session").fetchone()[0]
    changed = [key for key, row in before.items() if after.get(key) != row]
    if changed:
        return f"{len(changed)} stored trials are lost or changed"
    if sessions and len(after) != trials:
        return f"{len(after)} of {trials} trials after resume; {bench.log()}"
    left = left_over()
    return f"resume left {left[0]}" if left else None


def kills(bench, count, rng, tally, deadline, quick):
    finished = bench.store()
    if bench.run(["compare", "--arm", "a=/bin/true", "--trials", "2", "--warmup", "0", "--store", finished]) != 0:
        sys.exit(f"torture: heapscale does not work here: {bench.log()}")
    listed = phases(bench, finished, quick)
    for phase in listed:
        extra = {"HEAPSCALE_CACHE": bench.make("cache-first")} if phase.fresh_cache else {}
        for timed in (False, True):  # the first run fills the cache
            began = time.monotonic()
            code = bench.run([word.replace("{store}", bench.store()) for word in phase.arguments], **extra)
            phase.seconds = time.monotonic() - began
            if code is None or code < 0 or code in (1, 64):
                sys.exit(f"torture: {phase.name} does not work here ({code}): {bench.log()}")
            if phase.fresh_cache:
                break
    weights = [6 if phase.trials else 1 for phase in listed]
    for _ in range(count):
        if time.monotonic() > deadline:
            break
        phase = rng.choices(listed, weights)[0]
        kill_round(bench, phase, rng.choice(VICTIMS), rng, tally)
    folders(bench, listed, tally)


def folders(bench, listed, tally):
    """After one undisturbed start of each kind nothing of the killed ones is left in any folder."""
    for phase in listed:
        bench.run([word.replace("{store}", bench.store()) for word in phase.arguments])
    left = os.listdir(bench.temporary)
    targets = os.path.join(bench.cache, "targets")
    left += [name for name in os.listdir(targets) if name.startswith(".making")] if os.path.isdir(targets) else []
    tally.add("folders: removed by the next start", f"left {left[:3]}" if left else None)
