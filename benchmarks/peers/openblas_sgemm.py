"""Compares the product of two square matrices of float32 with NumPy's OpenBLAS, in answers and in time.

Usage: openblas_sgemm.py [--at-least PATH=RATIO]... [--sizes N,N] -- COMMAND...
COMMAND is `bartizan-benchmarks`; its `sgemm --serve` computes the same matrices. Both use one thread. Answers must
agree to 1e-4 of the greatest element, and are compared before any ratio is printed. The two are timed in turns, and
the ratio is of the least times. Exit code 0 when answers agree (and the ratios are reached), 1 when not, 2 when
they cannot be compared.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import subprocess
import sys
import time

import numpy

ROUNDS = 25


def least_seconds(left, right, result, runs: int) -> float:
    least = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        numpy.dot(left, right, out=result)
        least = min(least, time.perf_counter() - start)
    return least


def compare(command: list[str], size: int, path: str) -> float | None:
    """The ratio of speeds, or None where the answers differ."""
    ours = subprocess.Popen(
        [*command, "sgemm", "--serve", "--size", str(size), "--path", path],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(question: str) -> str:
        ours.stdin.write(question + "\n")
        ours.stdin.flush()
        return ours.stdout.readline()

    index = numpy.arange(size * size, dtype=numpy.int64)
    left = ((index * 37 % 101 - 50) / 61).astype(numpy.float32).reshape(size, size)
    right = ((index * 53 % 103 - 51) / 61).astype(numpy.float32).reshape(size, size)
    result = numpy.empty((size, size), numpy.float32)
    runs = max(1, int(2e8 / size**3))
    ask(f"run {runs}")
    least_seconds(left, right, result, runs)
    answer = numpy.array(ask("answer").split(), numpy.float32).reshape(size, size)
    error = float(numpy.abs(answer - result).max() / numpy.abs(result).max())
    if not error <= 1e-4:
        print(f"OpenBLAS disagrees at {size}, {path}: {error:.2g}")
        return None
    here = there = float("inf")
    for _ in range(ROUNDS):
        here = min(here, float(ask(f"run {runs}")))
        there = min(there, least_seconds(left, right, result, runs))
    ours.stdin.close()
    ours.wait()
    work = 2 * size**3 / 1e9
    print(f"sgemm {size}, {path}: largest difference {error:.1e}; OpenBLAS {work / there:.1f} GFLOP/s, "
          f"here {work / here:.1f} GFLOP/s, ratio {there / here:.2f}")
    return there / here


def main() -> int:
    if "--" not in sys.argv:
        print(__doc__, file=sys.stderr)
        return 2
    split = sys.argv.index("--")
    options, command = sys.argv[1:split], sys.argv[split + 1 :]
    required: dict[str, float] = {}
    sizes = [256, 1024]
    while options:
        name, value = options.pop(0), options.pop(0) if options else ""
        if name == "--at-least" and "=" in value:
            path, ratio = value.split("=")
            required[path] = float(ratio)
        elif name == "--sizes" and value:
            sizes = [int(size) for size in value.split(",")]
        else:
            print(__doc__, file=sys.stderr)
            return 2
    failed = False
    for path in required or {"fastest": 0.0}:
        probe = subprocess.run(
            [*command, "sgemm", "--size", "1", "--runs", "1", "--path", path], capture_output=True)
        if probe.returncode != 0:
            print(f"sgemm, {path}: this processor cannot run it")
            continue
        for size in sizes:
            ratio = compare(command, size, path)
            if ratio is None or ratio < required.get(path, 0.0):
                failed = True
                if ratio is not None:
                    print(f"the ratio is below {required[path]:g}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
