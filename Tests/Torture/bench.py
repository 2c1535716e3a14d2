"""One campaign's folders and commands, and what it has counted."""
import collections
import os
import sqlite3
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ.get("HEAPSCALE_BINARY", os.path.join(ROOT, ".build/release/heapscale"))
EXIT_CODES = {0, 1, 2, 3, 4, 5, 6, 7, 64, 130}
PATIENCE = 60  # seconds in which any command must have ended that was told to, or that failed

TREE = """#!/bin/sh
# Leaves its parents, its group and its session, in every way that a shell can.
for i in 1 2; do
  setsid sleep 71 &
  (sleep 72 &)
  sh -c 'sh -c "sleep 73" & sleep 0.02' &
done
sleep 0.15
"""


class Tally:
    """What was tried, what survived, and the first words on what did not."""

    def __init__(self):
        self.tried = collections.Counter()
        self.lost = collections.Counter()
        self.notes = []

    def add(self, name, problem=None):
        self.tried[name] += 1
        if problem:
            self.lost[name] += 1
            self.notes.append(f"{name}: {problem}")
            if self.lost[name] <= 3:
                print(f"torture: LOST {name}: {problem}", file=sys.stderr)

    def table(self):
        width = max([len(name) for name in self.tried] + [9])
        lines = [f"{'':{width}}  {'tried':>6}  {'survived':>8}  {'lost':>5}"]
        for name in sorted(self.tried):
            tried, lost = self.tried[name], self.lost[name]
            lines.append(f"{name:{width}}  {tried:6}  {tried - lost:8}  {lost:5}")
        tried, lost = sum(self.tried.values()), sum(self.lost.values())
        lines.append(f"{'all':{width}}  {tried:6}  {tried - lost:8}  {lost:5}")
        return "\n".join(lines)


class Bench:
    """Folders of a campaign: a cache, stores, a place for temporary files, a program that leaves its tree."""

    def __init__(self, folder):
        self.folder = folder
        self.temporary = self.make("tmp")
        self.cache = self.make("cache")
        self.results = self.make("results")
        self.tree = os.path.join(folder, "tree.sh")
        with open(self.tree, "w", encoding="utf-8") as file:
            file.write(TREE)
        os.chmod(self.tree, 0o755)
        self.environment = dict(
            os.environ, TMPDIR=self.temporary, HEAPSCALE_CACHE=self.cache, HEAPSCALE_RESULTS=self.results,
            HEAPSCALE_DATA=ROOT)
        self.environment.setdefault("HEAPSCALE_TOOLS", os.path.join(ROOT, ".tools"))
        self.stores = 0

    def make(self, name):
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        return path

    def store(self):
        self.stores += 1
        return os.path.join(self.folder, f"store-{self.stores}.sqlite")

    def start(self, arguments, **extra):
        log = open(os.path.join(self.folder, "log.txt"), "wb")
        with log:
            return subprocess.Popen(
                [BINARY, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                env=dict(self.environment, **extra))

    def run(self, arguments, **extra):
        process = self.start(arguments, **extra)
        try:
            return process.wait(PATIENCE * 5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None

    def log(self):
        with open(os.path.join(self.folder, "log.txt"), encoding="utf-8", errors="replace") as file:
            return file.read()[-300:].replace("\n", " | ")

    def end_of(self, process):
        """The exit code, or None for one that does not end."""
        try:
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None

    def forget(self, store):
        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(store + suffix):
                os.remove(store + suffix)


def rows(store):
    """Every stored trial by its place, with a digest of all that was stored of it."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as db:
        if db.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("integrity_check")
        return {row[0]: row for row in db.execute("SELECT * FROM trial")}
