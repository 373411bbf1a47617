#!/usr/bin/env python3
"""deploy/sinks/clickhouse.sql in a real ClickHouse engine (chDB): clickhouse.py BUILD, with BROKER (secured.sh). Sample articles go through
stanced into the tables, some of them twice; rows and view must be what the topics hold, and a record that is none must stand among those
refused. chDB knows the tables of ClickHouse's Kafka engine and checks their settings, but has no threads that read from Kafka: their
records are inserted here, into tables with the same columns."""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import zipfile

BUILD = pathlib.Path(sys.argv[1]).absolute()
BROKER, WAIT_S = os.environ["BROKER"], 180
ENGINE, HOME = "chdb-core==26.9.0", BUILD / "clickhouse"
checks = {True: 0, False: 0}


def check(name, fine, found=None):
    checks[bool(fine)] += 1
    if not fine:
        print(f"clickhouse.py: {name}: {str(found)[:600]}")


def fetch_engine():
    """The wheel alone: what it depends on is for data frames."""
    if not (HOME / "chdb").is_dir():
        folder = HOME / "wheel"
        subprocess.run(["pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", folder, ENGINE], check=True)
        with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
            wheel.extractall(HOME / "part")
        shutil.rmtree(folder)
        for part in (HOME / "part").iterdir():
            part.rename(HOME / part.name)
    sys.path.insert(0, str(HOME))


def kcat(*arguments):
    return subprocess.run(["kcat", "-b", BROKER, *arguments], check=True, capture_output=True, timeout=60).stdout.decode()


def records(topic):
    """As the Kafka engine would hand them on: partition, offset, milliseconds, value."""
    lines = kcat("-C", "-q", "-e", "-t", topic, "-o", "beginning", "-X", "isolation.level=read_committed", "-f", r"%p\t%o\t%T\t%s\n").splitlines()
    return [(int(part), int(offset), int(ms), value) for part, offset, ms, value in (line.split("\t", 3) for line in lines)]


def rows_of(topic):
    return [json.loads(value) for _, _, _, value in records(topic) if value.startswith("{")]


def wait(what, is_there):
    until = time.monotonic() + WAIT_S
    while not is_there():
        if time.monotonic() > until:
            check(what, False, f"not within {WAIT_S} s")
            return
        time.sleep(0.5)


def expected_days(rows):
    """Of rows of one key the last one counts."""
    last, days = {}, collections.defaultdict(list)
    for row in rows:
        last[row["article_id"], row["source"]["name"], row["source"]["type"], row["target"]["name"], row["target"]["type"]] = row
    for row in last.values():
        if "published_at" in row:
            days[row["published_at"][:10], row["source"]["name"], row["target"]["name"]].append((row["score"], row["confidence"]))
    scores = {key: (sum(s * c for s, c in of_day) / sum(c for _, c in of_day), len(of_day)) for key, of_day in days.items()}
    return len(last), scores


if not (HOME / "chdb").is_dir() and shutil.which("pip") is None:
    print("clickhouse: 0 passed, 0 failed, 1 skipped")  # nothing to fetch the engine with
    sys.exit()
fetch_engine()
from chdb.session import Session  # noqa: E402

data = BUILD / "clickhouse-data"
shutil.rmtree(data, ignore_errors=True)
session = Session(str(data))
names = {kind: f"ch.{kind}" for kind in ("raw", "enriched", "stances", "entities", "dlq", "status")}
stanced = subprocess.Popen([f"{BUILD}/stanced", "run", "--create", "--brokers", BROKER, "--group", "ch", "--http_listen=", "--input", names["raw"], "--enriched_topic", names["enriched"],
                            "--stances_topic", names["stances"], "--entities_topic", names["entities"], "--dead_letter_topic", names["dlq"], "--status_topic", names["status"]],
                           stderr=open(BUILD / "clickhouse.log", "w", encoding="utf-8"))


def ask(query):
    return [json.loads(line) for line in session.query(query, "JSONEachRow").bytes().decode().splitlines()]


def refusal(statement):
    try:
        session.query(statement)
    except Exception as error:
        return str(error)
    return ""


def create_source(statement):
    """What the engine says of the statement as it stands, once all of it was read; then the stand-in."""
    name = re.search(r"create table if not exists (\w+)", statement).group(1)
    said = refusal(statement.replace(name, "real." + name, 1))
    check(f"{name} is a table of the Kafka engine", "Shutdown was called" in said, said)
    session.query(f"create table if not exists {name} (line String, _topic LowCardinality(String), _partition UInt64, _offset UInt64, _timestamp_ms Nullable(DateTime64(3)),"
                  " _error String, _raw_message String) engine = Null")


def run_file():
    text = re.sub(r"--.*$", "", open("deploy/sinks/clickhouse.sql", encoding="utf-8").read(), flags=re.M)
    for statement in re.split(r";\s*$", text, flags=re.M):
        if "engine = Kafka" in statement:
            create_source(statement)
        elif statement.strip():
            session.query(statement)


def insert(kind):
    lines = []
    for part, offset, ms, value in records(names[kind]):
        is_json = value.startswith("{")
        lines.append(json.dumps({"line": value if is_json else "", "_topic": names[kind], "_partition": part, "_offset": offset, "_timestamp_ms": ms / 1000,
                                 "_error": "" if is_json else "cannot parse", "_raw_message": "" if is_json else value}))
    session.query(f"insert into {kind}_in format JSONEachRow " + "\n".join(lines))


try:
    wait("topics", lambda: "partition 0," in kcat("-L", "-t", names["raw"]))
    samples = sorted(str(path) for path in pathlib.Path("tests/cases/demo").glob("[0-2]*.json"))
    day = [f'{{"id": "{key}", "published_at": "2026-03-02T0{hour}:00:00Z", "text": "{text}"}}' for key, hour, text in (
        ("first", 8, "Ann Lee sharply criticised Acme Corporation. “Acme Corporation has betrayed its workers,” Ann Lee said."),
        ("second", 9, "Ann Lee said that Acme Corporation had done rather well this year."))]
    twice = subprocess.Popen(["kcat", "-P", "-b", BROKER, "-t", names["raw"], *samples, *samples[:5]])
    twice.wait(60)
    subprocess.run(["kcat", "-P", "-b", BROKER, "-t", names["raw"]], input="\n".join(day).encode(), check=True, timeout=60)
    session.query("create database sinks engine = Atomic")
    session.query("use sinks")
    session.query("create database real engine = Atomic")
    run_file()
    session.query("drop database real")
    session.query("create database real engine = Atomic")
    run_file()  # safe to run again
    said = refusal(re.search(r"create table if not exists stances_in[^;]*", open("deploy/sinks/clickhouse.sql", encoding="utf-8").read()).group(0)
                   .replace("stances_in", "real.other").replace("kafka_group_name", "kafka_group_nam"))
    check("a wrong setting would be heard", "UNKNOWN_SETTING" in said, said)
    wait("articles", lambda: len(records(names["enriched"])) >= len(samples) + 5 + len(day))
    subprocess.run(["kcat", "-P", "-b", BROKER, "-t", names["stances"]], input=b"no JSON", check=True, timeout=60)
    subprocess.run(["kcat", "-P", "-b", BROKER, "-t", names["entities"]], input=b'{"schema": "of another"}', check=True, timeout=60)
    stances, entities = rows_of(names["stances"]), [row for row in rows_of(names["entities"]) if row["schema"] == "stanced.entity/1"]
    count, days = expected_days(stances)
    entity_count = len({(row["article_id"], row["name"], row["type"]) for row in entities})
    for _ in range(2):  # the engine may read records twice
        insert("stances")
        insert("entities")
    check("stances", ask("select count() as n from stances final")[0]["n"] == count, count)
    check("entities", ask("select count() as n from entities final")[0]["n"] == entity_count, entity_count)

    check("there are rows", count > 20 and len(stances) > count, (count, len(stances)))
    # Articles without a date stand under today.
    today = time.strftime("%Y-%m-%d", time.gmtime())
    found = {(row["date"], row["source"], row["target"]): (row["score"], row["articles"]) for row in
             ask("select toString(day) as date, source, target, score, toInt32(articles) as articles from stance_by_day") if row["date"] < today}
    days = {key: value for key, value in days.items() if key[0] < today}
    check("days of the view", set(found) == set(days), sorted(set(found) ^ set(days))[:5])
    check("days with more than one", any(articles > 1 for _, articles in found.values()))
    check("scores of the view", all(abs(found[key][0] - days[key][0]) < 1e-4 and found[key][1] == days[key][1] for key in set(found) & set(days)))
    row = ask("select * from stances final where article_id = 'first' limit 1")[0]
    of_topic = next(r for r in stances if r["article_id"] == "first" and r["source"]["name"] == row["source"] and r["target"]["name"] == row["target"])
    check("a row", row["published_at"] == "2026-03-02 08:00:00" and row["evidence"] == of_topic["evidence"] and abs(row["confidence"] - of_topic["confidence"]) < 1e-6, row)
    portrayed = next(r for r in entities if "portrayal" in r)
    row = ask(f"select * from entities final where article_id = '{portrayed['article_id']}' and name = $${portrayed['name']}$$ limit 1")[0]
    check("an entity", row["mention_count"] == portrayed["mention_count"] and abs(row["score"] - portrayed["portrayal"]["score"]) < 1e-6, row)
    refused = {row["value"]: row["error"] for row in ask("select value, error from stanced_refused")}
    check("what was refused", refused.get('{"schema": "of another"}') == "not stanced.entity/1" and refused.get("no JSON", ""), refused)
finally:
    stanced.terminate()
    check("stanced's exit status", stanced.wait(60) == 0, stanced.returncode)
print(f"clickhouse: {checks[True]} passed, {checks[False]} failed, 0 skipped", flush=True)
# The engine's threads are not waited for: they end with the process.
os._exit(checks[False] > 0)
