"""Checks the 186 ACAS Xu instances against the verdicts that competition tools agree on.

    acasxu.py EXPECT_VERIFY.tsv [--timeout SECONDS] [--jobs N] -- COMMAND

Fails if one verdict is wrong or fewer than 180 are settled; prints the total time and the slowest instances.
"""
import argparse
import subprocess
import sys


def main():
    split = sys.argv.index("--")
    parser = argparse.ArgumentParser()
    parser.add_argument("list")
    parser.add_argument("--timeout", default="60")
    parser.add_argument("--jobs", default="2")
    options = parser.parse_args(sys.argv[1:split])
    run = subprocess.run(
        [*sys.argv[split + 1:], "certify", "--instances", options.list, "--timeout", options.timeout,
         "--jobs", options.jobs], capture_output=True, text=True)
    rows = [line.split("\t") for line in run.stdout.splitlines() if "\t" in line]
    if not rows:
        sys.exit(run.stderr)
    wrong = [row for row in rows if row[-1] == "NOT AS EXPECTED"]
    settled = sum(row[0] != "unknown" for row in rows)
    for row in sorted(rows, key=lambda row: -float(row[1]))[:5]:
        print(f"{row[0]:8} {row[1]:>6} s {row[2]:>8} boxes  "
              + " ".join(cell.rsplit("/", 1)[-1] for cell in row[3:5]))
    print(f"ACAS Xu: {settled} of {len(rows)} settled, {len(wrong)} wrong, "
          f"{sum(float(row[1]) for row in rows):.1f} s in total, {options.timeout} s each at most")
    if wrong or settled < 180 or len(rows) != 186:
        sys.exit(1)


main()
