#!/usr/bin/env python3
"""README.md as a newcomer follows it: readme.py BUILD, with BROKER (secured.sh).

In a fresh clone every command of the ```sh and ```console blocks is run, in order; what a console block shows must come out, and of the demo what the ```text block
shows, but for its times. Blocks of yaml and csv become files that stanced must accept. librdkafka is taken from BUILD, which saves two minutes."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPS = pathlib.Path(sys.argv[1]).resolve() / "deps"
LIMIT_S, WAIT_S = 1500, 100 # for a command, which may have to compile all beside other work; for stances to arrive
# What stands for something else, and commands that only a signal ends: "run" stays until the end, "watch" for some seconds.
INSTEAD = {"kafka1:9092": os.environ["BROKER"]}
WATCH_S = 6
STANCE = '"schema":"stanced.stance/1"'


def blocks():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert all(kind in ("sh", "console", "text", "yaml", "csv") for kind, _ in found), [kind for kind, _ in found]
    return found


def repository(folder):
    """What can be cloned: this checkout, or, where it is somebody else's or came without its history, one made of its files."""
    if subprocess.run(["git", "ls-remote", "-q", ROOT], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0:
        return ROOT
    made = folder / "made"
    shutil.copytree(ROOT, made, symlinks=True, ignore=shutil.ignore_patterns(".git", "build"))
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "-q", "-m", "checkout"]):
        subprocess.run(["git", *command], cwd=made, check=True)
    return made


class Newcomer:
    def __init__(self, folder):
        self.folder, self.running, self.count, self.wrong, self.demo = folder, [], 0, [], ""

    def shell(self, command, limit_s=LIMIT_S):
        environment = {**os.environ, "DEPS": str(DEPS), "LC_ALL": "C.UTF-8", "COLUMNS": "120", "TERM": "dumb"}
        process = subprocess.Popen(["bash", "-c", command], cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   stdin=subprocess.DEVNULL, start_new_session=True)
        if re.search(r"stanced run\b", command):
            self.running.append(process)
            return 0, ""
        try:
            out, _ = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGINT)
            out, _ = process.communicate()
        return process.returncode, out.decode(errors="replace")

    def follow(self, command):
        """Runs one line; what it printed."""
        for said, meant in INSTEAD.items():
            command = command.replace(said, meant)
        self.count += 1
        if "--web" in command:
            return self.look(command)
        is_watching = re.search(r"stanced watch\b", command)
        status, out = self.shell(command, WATCH_S if is_watching else LIMIT_S)
        if status != 0 and not is_watching:
            self.wrong.append(f"{command}: exit status {status}\n{out[-1500:]}")
        if is_watching and " → " not in out:
            self.wrong.append(f"{command}: shows no stance\n{out[-1500:]}")
        # A person looks again when there is nothing yet.
        until = time.monotonic() + WAIT_S
        while "-t stances" in command and STANCE not in out and time.monotonic() < until:
            time.sleep(1)
            status, out = self.shell(command)
        if "-t stances" in command and STANCE not in out:
            self.wrong.append(f"{command}: no stances\n{out[-1500:]}")
        if command == "make demo":
            self.demo = out
        parts = re.match(r"git clone \S+ (?:\S+ )?(\w+) && cd \1$", command.replace("-q ", ""))
        if parts:
            self.folder = self.folder / parts[1]
        return out

    def look(self, command):
        """The page that is served must come to show stances; what it was told."""
        said, out = "", ""
        with subprocess.Popen(["bash", "-c", f"exec {command}"], cwd=self.folder, stdout=subprocess.PIPE, text=True) as process:
            address, until = process.stdout.readline().strip(), time.monotonic() + WAIT_S
            while '"stances":[{' not in out and time.monotonic() < until:
                time.sleep(0.5)
                try:
                    out = urllib.request.urlopen(address + "api/articles", timeout=10).read().decode()
                except (OSError, ValueError) as reason:
                    said = f"{address}: {reason}"
            process.send_signal(signal.SIGINT)
        if '"stances":[{' not in out:
            self.wrong.append(f"{command}: shows no stance\n{said}\n{out[-1500:]}")
        return out

    def commands(self, text):
        for line in text.splitlines():
            if line.strip():
                self.follow(re.sub(r"\s+#.*", "", line))

    def console(self, text):
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            out = self.follow(command)
            for line in shown:
                if line != "..." and line.rstrip() not in out:
                    self.wrong.append(f"{command}: does not print {line!r}")

    def shown_of_demo(self, text):
        """The last line ends with rates, which are of the machine."""
        self.count += 1
        for line in text.splitlines():
            if line != "..." and line.split("; ")[0].rstrip() not in self.demo:
                self.wrong.append(f"make demo: does not print {line!r}")

    def file(self, kind, text):
        """A block that begins with "# NAME" is that file; the others are tried as settings or own entities."""
        named = re.match(r"# ([\w.]+)\n", text)
        path = self.folder / (named[1] if named else f"tried.{kind}")
        path.write_text(text, encoding="utf-8")
        if not named:
            self.follow(f"build/stanced extract -X own_entities={path}" if kind == "csv" else f"build/stanced extract -c {path}")

    def end(self):
        for process in self.running:
            os.killpg(process.pid, signal.SIGTERM)
            out, _ = process.communicate(timeout=60)
            self.count += 1
            if process.returncode != 0:
                self.wrong.append(f"stanced run: exit status {process.returncode}\n{out.decode()[-1500:]}")


def main():
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as beside:
        INSTEAD["git clone URL"] = f"git clone -q {repository(pathlib.Path(beside))}"
        newcomer = Newcomer(pathlib.Path(folder))
        try:
            for kind, text in blocks():
                if kind == "sh":
                    newcomer.commands(text)
                    if newcomer.wrong and not (newcomer.folder / "build" / "stanced").exists():
                        break
                elif kind == "console":
                    newcomer.console(text)
                elif kind == "text":
                    newcomer.shown_of_demo(text)
                else:
                    newcomer.file(kind, text)
        finally:
            newcomer.end()
    for wrong in newcomer.wrong:
        print(wrong)
    failed = min(len(newcomer.wrong), newcomer.count)
    print(f"readme: {newcomer.count - failed} passed, {failed} failed, 0 skipped")
    sys.exit(failed != 0)


main()
