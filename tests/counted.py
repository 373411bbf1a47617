"""For test scripts: runs what they hold, names what failed, and ends with the line that tests/run.sh adds up."""
import json
import os
import subprocess
import sys


def end(passed, failed):
    print(f"{passed} passed, {failed} failed, 0 skipped")
    sys.exit(1 if failed or not passed else 0)


def run(tests):
    """Functions that fail by an exception."""
    failed = 0
    for test in tests:
        try:
            test()
        except (AssertionError, OSError, subprocess.TimeoutExpired) as problem:
            failed += 1
            print(f"{test.__name__}: {problem}")
    end(len(tests) - failed, failed)


def files(paths, faults_of):
    """JSON files, of which each has its faults."""
    failed = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            faults = list(faults_of(json.load(file)))
        for fault in faults:
            print(f"{os.path.basename(path)}: {fault}")
        failed += bool(faults)
    end(len(paths) - failed, failed)
