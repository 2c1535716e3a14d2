"""Processes of a campaign: what descends from it, and what is left."""
import collections
import ctypes
import os
import signal
import time

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """Whatever loses its parents comes to us, so that nothing can hide."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def processes():
    """Living processes: number to parent and command line."""
    found = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                words = file.read().rsplit(b")", 1)[1].split()
            with open(f"/proc/{name}/cmdline", "rb") as file:
                line = file.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if words[0] != b"Z":
            found[int(name)] = (int(words[1]), line)
    return found


def descendants(root, table=None):
    table = table or processes()
    children = collections.defaultdict(list)
    for pid, (parent, _) in table.items():
        children[parent].append(pid)
    found, todo = [], [root]
    while todo:
        for child in children[todo.pop()]:
            found.append(child)
            todo.append(child)
    return found


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def left_over(seconds=20.0):
    """What still descends from us when it had time to die: command lines. It is ended then."""
    deadline = time.monotonic() + seconds
    while True:
        reap()
        table = processes()
        left = descendants(os.getpid(), table)
        if not left:
            return []
        if time.monotonic() > deadline:
            for pid in left:
                kill(pid)
            reap()
            return [table[pid][1][:60] for pid in left]
        time.sleep(0.01)


def kill(pid, number=signal.SIGKILL):
    try:
        os.kill(pid, number)
    except OSError:
        pass
