"""Kills runs of hodge at random moments and checks that nothing which was finished is lost.

Usage: python3 validation/kills.py HODGE FOLDER [KILLS [SEED]]. Needs numpy and h5py; FOLDER is emptied.

A series is decomposed without interruption once. Then the same run is started, ended by a signal at a random moment, looked at,
and repeated until it ends by itself: what it had finished must be readable and right, and the end must be the uninterrupted
file, number for number (the seconds aside), with nothing left beside it. Signals: SIGKILL, then 20 each of SIGTERM, SIGHUP and a
double SIGINT. Then the size of files is limited at 20 sizes. Prints a table and exits with 1 if anything is wrong.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import h5py
import numpy as np

HODGE, FOLDER = sys.argv[1], sys.argv[2]
KILLS = int(sys.argv[3]) if len(sys.argv) > 3 else 200
random.seed(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
COUNT, N = 1500, 48
COMMAND = [HODGE, "decompose", "s.npy", "-o", "out.h5", "--quiet"]
wrong = []


def check(condition, message):
    if not condition:
        wrong.append(message)
        print("WRONG:", message, flush=True)


def contents(path):
    found = {}

    def add(name, item):
        if isinstance(item, h5py.Dataset) and name != "evidence/seconds" and not name.startswith("VTKHDF"):
            found[name] = item[()].tobytes() if item.dtype.kind in "fiuS" else [str(v) for v in np.ravel(item[()])]

    with h5py.File(path) as file:
        file.visititems(add)
    return found


def start():
    return subprocess.Popen(COMMAND, cwd=FOLDER, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def look(whole):
    """How many fields are finished in what a run left, each compared with the uninterrupted run."""
    part = os.path.join(FOLDER, "out.h5.part", "1.h5")
    if not os.path.exists(part):
        return None
    with h5py.File(part) as file, h5py.File(whole) as other:
        done = np.flatnonzero(file["evidence/finished"][()])
        for row in done[:: max(1, len(done) // 5)]:
            for name in ["input", "gradient", "solenoidal", "harmonic", "potential"]:
                same = np.array_equal(file[name][row], other[name][row])
                check(same, f"field {row} of {name} counts as finished and is not")
        return len(done)


def trial(stop, whole, wanted):
    """One run that is stopped, then repeated to its end."""
    run = start()
    stop(run)
    run.communicate()
    before = None
    if run.returncode != 0:
        before = look(whole)
        again = start()
        err = again.communicate()[1].decode()
        check(again.returncode == 0, f"the repeated run ends with {again.returncode}: {err}")
    check(sorted(os.listdir(FOLDER)) == ["out.h5", "s.npy", "whole.h5"], f"left: {os.listdir(FOLDER)}")
    check(contents(os.path.join(FOLDER, "out.h5")) == wanted, "other numbers")
    for name in os.listdir(FOLDER):
        if name.startswith("out.h5"):
            path = os.path.join(FOLDER, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
    return before


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    rng = np.random.default_rng(1)
    np.save(os.path.join(FOLDER, "s.npy"), rng.standard_normal((COUNT, 2, N, N)))
    begin = time.time()
    subprocess.run([*COMMAND[:4], "whole.h5", "--quiet"], cwd=FOLDER, check=True, stdout=subprocess.DEVNULL)
    seconds = time.time() - begin
    whole = os.path.join(FOLDER, "whole.h5")
    wanted = contents(whole)
    print(f"{COUNT} fields of {N} x {N}, uninterrupted {seconds:.2f} s", flush=True)

    def after(wait, *signals):
        def stop(run):
            time.sleep(wait)
            for sent in signals:
                run.send_signal(sent)
                if len(signals) > 1:
                    time.sleep(0.005)

        return stop

    kinds = [("SIGKILL", KILLS, [signal.SIGKILL]), ("SIGTERM", 20, [signal.SIGTERM]), ("SIGHUP", 20, [signal.SIGHUP]),
             ("double SIGINT", 20, [signal.SIGINT, signal.SIGINT])]
    print("signal          runs  while writing  fields finished by then")
    for name, count, signals in kinds:
        found = [trial(after(random.uniform(0.02, 0.95) * seconds, *signals), whole, wanted) for _ in range(count)]
        writing = [f for f in found if f is not None and f < COUNT]
        print(f"{name:14} {count:5} {len(writing):14} {sum(writing):24}", flush=True)
    size = os.path.getsize(whole)
    for k in range(20):
        limit = int(size * (k + 1) / 21) // 512
        run = subprocess.run(["sh", "-c", f'ulimit -f {limit}; exec "$@"', "sh", *COMMAND], cwd=FOLDER, capture_output=True)
        check(run.returncode == 2 and b"no room" in run.stderr, f"limit {limit}: {run.returncode} {run.stderr}")
        check(sorted(os.listdir(FOLDER)) == ["s.npy", "whole.h5"], f"limit {limit} leaves {os.listdir(FOLDER)}")
    print("limits of the file size: 20, each refused before the first field")
    print(f"{len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


main()
