#!/usr/bin/env python3
"""deploy/README.md has the table that deploy/size.py prints, and the table is right by hand."""
import re
import subprocess
import sys

said = subprocess.run([sys.executable, "deploy/size.py"], check=True, capture_output=True, text=True).stdout
paper = open("deploy/README.md", encoding="utf-8").read()
assert said in paper, f"deploy/README.md lacks the table of deploy/size.py:\n{said}"

# 864,000 articles a day are 10 a second; at 100 ms and a peak of 2, half busy, that is 4 cores: one process of 4 workers, but two at least.
own = subprocess.run([sys.executable, "deploy/size.py", "--articles", "864000", "--ms", "100", "--peak", "2", "--load", "0.5"], check=True, capture_output=True, text=True).stdout
for line in ("| articles a second: average, peak | 10.0, 20.0 |", "| cores at the peak, 50% busy | 4.0 |", "| processes of 4 workers | 2 |"):
    assert line in own, f"no {line} in:\n{own}"
assert re.search(r"\| records a second at the peak \| [\d,]+ \|", own)
print("size: 2 passed, 0 failed, 0 skipped")
