"""Times the same projection by several programs, in turns, on the same machine and in one run.

compare.py [--repeats N] [--threads T] NAME=COMMAND ... --shape NX NY [NZ]

Every command is started with THREADS NX NY [NZ] appended, says "ready SECONDS" and then does one projection per line
it is sent. One after the other gets its turn, so that a busy neighbour hits all alike; printed are the least and the
median time of each, and the ratio of the least ones to the first contender's.
"""

import argparse
import shlex
import statistics
import subprocess

parser = argparse.ArgumentParser()
parser.add_argument("--repeats", type=int, default=11)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("contenders", nargs="+")
parser.add_argument("--shape", type=int, nargs="+", required=True)
arguments = parser.parse_args()

processes, times, planning = {}, {}, {}
for contender in arguments.contenders:
    name, command = contender.split("=", 1)
    sizes = [str(n) for n in (arguments.threads, *arguments.shape)]
    process = subprocess.Popen(
        shlex.split(command) + sizes, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    planning[name] = float(process.stdout.readline().split()[1])
    processes[name], times[name] = process, []

for turn in range(arguments.repeats + 1):
    for name, process in processes.items():
        process.stdin.write("\n")
        process.stdin.flush()
        seconds = float(process.stdout.readline())
        if turn > 0:
            times[name].append(seconds)

first = None
for name, process in processes.items():
    process.stdin.close()
    check = process.stdout.read().strip()
    process.wait()
    least, median = min(times[name]), statistics.median(times[name])
    first = first or least
    print(
        f"{'x'.join(map(str, arguments.shape)):>12} {name:8} least {least:.4f} median {median:.4f}"
        f" times ours {least / first:5.2f} ours/this {first / least:.2f} plan {planning[name]:.3f} | {check}"
    )
