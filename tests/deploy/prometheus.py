#!/usr/bin/env python3
"""Alerts and dashboard against a real Prometheus that scrapes a real stanced: prometheus.py BUILD.

stanced runs on librdkafka's mock broker and reads good and bad articles; Prometheus (Debian's) scrapes it every second and loads the
rules of deploy/. Then every expression of the alerts and of the dashboard is asked of Prometheus: it must be answered, and name only
series and labels that are there. Ports: PORT (32100) and the next."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

BUILD = pathlib.Path(sys.argv[1])
ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = ROOT / "deploy/prometheus/stanced.rules.yml"
DASHBOARD = ROOT / "deploy/grafana/stanced.json"
PORT = int(os.environ.get("PORT", "32100"))
WAIT_S = 120
TOPICS = {"input": "in", "enriched_topic": "enriched", "stances_topic": "stances", "entities_topic": "entities", "dead_letter_topic": "dlq",
          "status_topic": "status"}
PROMETHEUS = f"""
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{RULES}]
scrape_configs:
  - job_name: stanced
    static_configs: [{{targets: ["127.0.0.1:{PORT}"]}}]
"""


def ask(path, **query):
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT + 1}/api/v1/{path}?{urllib.parse.urlencode(query)}", timeout=10) as answer:
        return json.load(answer)["data"]


def wait_for(what, condition):
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise AssertionError(f"not after {WAIT_S} s: {what}")


def vector(expression):
    return ask("query", query=expression)["result"]


def dashboard_expressions():
    """(title, expression) as Grafana would send it: its variables filled in."""
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    fill = {"$job": "stanced", "$instance": ".*", "$__rate_interval": "30s"}
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            expression = target["expr"]
            for name, value in fill.items():
                expression = expression.replace(name, value)
            yield panel["title"], expression, target["legendFormat"]


class Running:
    """The mock broker, stanced, Prometheus; ended in this order reversed."""

    def __init__(self, folder):
        self.folder, self.processes = pathlib.Path(folder), []

    def start(self, *command, **more):
        log = open(self.folder / pathlib.Path(command[0]).name, "ab")
        process = subprocess.Popen([str(part) for part in command], stderr=log, **{"stdout": log, "stdin": subprocess.DEVNULL, **more})
        log.close()
        self.processes.append(process)
        return process

    def end(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(60)
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()


def start_all(running):
    broker = running.start(BUILD / "tests/embedded/broker", *TOPICS.values(), stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    bootstrap = broker.stdout.readline().decode().strip()
    articles = subprocess.run(["tests/kafka/articles.py", "40"], stdout=subprocess.PIPE, check=True).stdout + b'{"id": "broken"\n[1]\n'
    feed = [str(BUILD / "tests/kafka/feed"), bootstrap, "articles", "in", "7"]
    names = [f"--{name}={topic}" for name, topic in TOPICS.items()]
    stanced = running.start(BUILD / "stanced", "run", "--brokers", bootstrap, "--delivery=at_least_once", *names, f"--http_listen=127.0.0.1:{PORT}")
    config = running.folder / "prometheus.yml"
    config.write_text(PROMETHEUS, encoding="utf-8")
    running.start(shutil.which("prometheus"), f"--config.file={config}", f"--storage.tsdb.path={running.folder}/data",
                  f"--web.listen-address=127.0.0.1:{PORT + 1}", "--log.level=warn")
    wait_for("Prometheus scrapes stanced", lambda: vector("stanced_articles_total"))
    # After the first scrape: an increase is seen where there was a value before.
    subprocess.run(feed, input=articles, check=True)
    wait_for("articles are counted", lambda: float(vector("stanced_articles_done_total")[0]["value"][1]) >= 42)
    subprocess.run(feed, input=articles, check=True)
    wait_for("dead letters are seen to increase", lambda: vector("sum(increase(stanced_dead_letters_total[30s])) > 0"))
    broker.stdin.write(b"down 2000\n")
    broker.stdin.flush()
    # A rate is there from the second scrape of a series on.
    wait_for("the broker's absence is counted", lambda: vector("rate(stanced_errors_total[30s])"))
    wait_for("lag is shown", lambda: vector("stanced_lag_records"))
    return stanced


def selectors(expression):
    return set(re.findall(r"\bstanced_[a-z_]+|\bup\b", expression))


class Checks:
    def metrics_are_as_prometheus_likes_them(self, _):
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/metrics", timeout=10) as answer:
            done = subprocess.run(["promtool", "check", "metrics"], input=answer.read(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        assert done.returncode == 0 and not done.stdout, done.stdout.decode()

    def rules_fire_when_they_should(self, running):
        shutil.copy(RULES, running.folder)
        shutil.copy(ROOT / "tests/deploy/rules.test.yml", running.folder)
        done = subprocess.run(["promtool", "test", "rules", "rules.test.yml"], cwd=running.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        assert done.returncode == 0, done.stdout.decode()
        tested = (ROOT / "tests/deploy/rules.test.yml").read_text(encoding="utf-8")
        for name in re.findall(r"alert: (\w+)", RULES.read_text(encoding="utf-8")):
            assert name in tested, f"no test of {name}"

    def every_alert_is_evaluated_over_series_that_exist(self, _):
        groups = ask("rules")["groups"]
        rules = [rule for group in groups for rule in group["rules"]]
        assert len(rules) == RULES.read_text(encoding="utf-8").count("- alert:"), rules
        for rule in rules:
            assert rule["health"] == "ok" and not rule.get("lastError"), rule
            self.names_what_exists(rule["name"], rule["query"])

    def names_what_exists(self, name, expression):
        for metric in selectors(expression):
            series = vector(metric)
            assert series, f"{name}: there is no {metric}"
        labels = set().union(*(set(one["metric"]) for metric in selectors(expression) for one in vector(metric)))
        used = re.findall(r"\bby \(([^)]*)\)", expression) + re.findall(r"[{,]([a-z_]+)=", expression)
        for label in {part.strip() for group in used for part in group.split(",")}:
            assert label in labels, f"{name}: no series has the label {label}"

    def every_panel_shows_something(self, _):
        count = 0
        for title, expression, legend in dashboard_expressions():
            self.names_what_exists(title, expression)
            found = vector(expression)
            assert found, f"{title}: nothing for {expression}"
            for label in re.findall(r"{{(\w+)}}", legend):
                assert all(label in one["metric"] for one in found), f"{title}: no label {label} in {expression}"
            count += 1
        assert count > 30, count

    def lag_is_of_the_partitions_that_are_assigned(self, _):
        lag, partitions = vector("count(stanced_lag_records)"), vector("stanced_partitions")
        assert lag[0]["value"][1] == partitions[0]["value"][1] == "3", (lag, partitions)

    def one_that_goes_away_is_noticed(self, running):
        running.stanced.terminate()
        assert running.stanced.wait(60) == 0
        wait_for("StancedDown is pending", lambda: vector('ALERTS{alertname="StancedDown",alertstate="pending"}'))


def main():
    if not shutil.which("prometheus"):
        print("prometheus.py: Debian's prometheus is missing")
        sys.exit(77)
    failed = 0
    checks = [getattr(Checks(), name) for name in Checks.__dict__ if not name.startswith("_") and name != "names_what_exists"]
    with tempfile.TemporaryDirectory() as folder:
        running = Running(folder)
        try:
            running.stanced = start_all(running)
            for check in checks:
                try:
                    check(running)
                except (AssertionError, OSError) as problem:
                    failed += 1
                    print(f"{check.__name__}: {problem}")
        finally:
            running.end()
    print(f"prometheus: {len(checks) - failed} passed, {failed} failed, 0 skipped")
    sys.exit(failed != 0)


main()
