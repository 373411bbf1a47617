#!/usr/bin/env python3
"""A span an article reaches a collector over OTLP/HTTP, goes on from the trace that came with the article, and outputs go on from it:
spans.py BUILD. The collector is ours: it is busy at first, then takes what comes; a second process meets one that never answers."""
import http.server
import json
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
TOPICS = ["in", "enriched", "stances", "entities", "dlq", "status"]
COUNT, MALFORMED, WAIT_S = 24, 11, 90
checks = {True: 0, False: 0}


def check(name, fine, found=None):
    checks[bool(fine)] += 1
    if not fine:
        print(f"spans.py: {name}: {found}")


class Collector(http.server.BaseHTTPRequestHandler):
    spans, resources, paths, busy = [], [], [], 2

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Collector.paths.append((self.path, self.headers["Content-Type"]))
        if Collector.busy > 0:
            Collector.busy -= 1
            self.send_response(503)
        else:
            for resource in json.loads(body)["resourceSpans"]:
                Collector.resources.append(values(resource["resource"]["attributes"]))
                for scope in resource["scopeSpans"]:
                    Collector.spans += scope["spans"]
            self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


def values(attributes):
    return {item["key"]: next(iter(item["value"].values())) for item in attributes}


def wait(what, is_there):
    until = time.monotonic() + WAIT_S
    while not is_there():
        if time.monotonic() > until:
            raise SystemExit(f"spans.py: no {what} within {WAIT_S} s")
        time.sleep(0.1)


def run(address, group, url, port, log, *more):
    return subprocess.Popen([f"{BUILD}/stanced", "run", "--brokers", address, "--group", group, "--input", "in", "--enriched_topic", "enriched", "--stances_topic", "stances",
                             "--entities_topic", "entities", "--dead_letter_topic", "dlq", "--status_topic", "status", "--delivery", "at_least_once", "--workers", "2",
                             "--http_listen", f"127.0.0.1:{port}", "--web_bytes", "0", "--commit_interval_ms", "100", "--otlp_url", url, *more], stdout=log, stderr=log)


def metric(port, name):
    try:
        text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()
    except OSError:
        return 0
    return int(re.search(rf"^{re.escape(name)} (\d+)$", text, re.M).group(1))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def headers(address, topic):
    lines = subprocess.run([f"{BUILD}/tests/embedded/headers", address, topic, "traceparent"], check=True, capture_output=True, text=True).stdout.splitlines()
    return [line.rsplit(" ", 1)[1] for line in lines]


broker = subprocess.Popen([f"{BUILD}/tests/embedded/broker", *TOPICS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
address = broker.stdout.readline().strip()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
threading.Thread(target=server.serve_forever, daemon=True).start()
silent = socket.create_server(("127.0.0.1", 0), backlog=8)
log = tempfile.TemporaryFile()
articles = subprocess.run(["tests/kafka/articles.py", str(COUNT)], check=True, capture_output=True).stdout
try:
    subprocess.run([f"{BUILD}/tests/kafka/feed", address, "articles", "in", "5"], input=articles, check=True, timeout=60)
    subprocess.run([f"{BUILD}/tests/kafka/feed", address, "malformed", "in"], check=True, timeout=60)

    port = free_port()
    process = run(address, "first", f"http://127.0.0.1:{server.server_port}", port, log)
    wait("spans", lambda: metric(port, 'stanced_spans_total{result="sent"}') >= COUNT + MALFORMED)
    sent, done = metric(port, 'stanced_spans_total{result="sent"}'), metric(port, "stanced_articles_done_total")
    process.terminate()
    check("exit status", process.wait(30) == 0, process.returncode)

    spans = Collector.spans
    check("every article has one span", len(spans) == done == len({s["spanId"] for s in spans}), (len(spans), done))
    check("the metric counts them", sent == len(spans), (sent, len(spans)))
    check("where they are sent", set(Collector.paths) == {("/v1/traces", "application/json")}, set(Collector.paths))
    check("a busy collector gets them again", Collector.busy == 0 and len(Collector.paths) >= 3, Collector.paths)
    check("whose they are", all(r["service.name"] == "stanced" and r["service.instance.id"] for r in Collector.resources), Collector.resources[:1])
    check("they go on from the article's trace", {s.get("parentSpanId") for s in spans} == {s["traceId"][16:] for s in spans} and None not in {s.get("parentSpanId") for s in spans})
    for span in spans:
        begun, done_at = int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])
        times = [begun, *(int(event["timeUnixNano"]) for event in span["events"]), done_at]
        check("times are in order", times == sorted(times) and abs(begun / 1e9 - time.time()) < 2 * WAIT_S, times)
        check("the name", span["name"] == "process in" and span["kind"] == 5, span["name"])
    places = {(values(s["attributes"])["messaging.destination.partition.id"], values(s["attributes"])["messaging.kafka.offset"]) for s in spans}
    check("each says its own place", len(places) == len(spans), len(places))
    failed = [s for s in spans if s["status"].get("code") == 2]
    codes = {values(s["attributes"])["error.type"] for s in failed}
    check("dead letters have failed", len(failed) == len(headers(address, "dlq")) and "json.syntax" in codes, codes)
    good = [values(s["attributes"]) for s in spans if not s["status"]]
    check("others have not", len(good) == COUNT and sum(int(a["stanced.entities"]) for a in good) > COUNT, len(good))

    expected = {f"00-{s['traceId']}-{s['spanId']}-01" for s in spans if not s["status"]}
    check("documents go on from the span", sorted(headers(address, "enriched")) == sorted(expected), headers(address, "enriched")[:3])
    check("rows too", set(headers(address, "stances")) <= expected and set(headers(address, "entities")) <= expected)
    check("dead letters keep what they came with", all(header[19:35] == header[36:52] for header in headers(address, "dlq")), headers(address, "dlq")[:3])

    # A collector that never answers: the stream goes on, stopping takes no longer, and what was not sent is counted.
    port = free_port()
    begun = time.monotonic()
    process = run(address, "second", f"http://127.0.0.1:{silent.getsockname()[1]}/somewhere", port, log)
    wait("articles", lambda: metric(port, "stanced_articles_done_total") >= COUNT + MALFORMED)
    check("none was sent", metric(port, 'stanced_spans_total{result="sent"}') == 0)
    process.terminate()
    stopping = time.monotonic()
    check("exit status with a silent collector", process.wait(40) == 0, process.returncode)
    check("stopping takes no longer", time.monotonic() - stopping < 12, time.monotonic() - stopping)
finally:
    broker.stdin.close()
    broker.wait(20)
    if process.poll() is None:
        process.kill()
if checks[False]:
    log.seek(0)
    print(log.read().decode()[-4000:])
print(f"spans: {checks[True]} passed, {checks[False]} failed, 0 skipped")
sys.exit(checks[False] > 0)
