#!/usr/bin/env python3
"""What goes wrong on the first day, and what stanced says of it: first_use.py BUILD, with BROKER and SASL_BROKER (secured.sh). Each
message has to name what is wrong and what to do."""
import concurrent.futures
import os
import pathlib
import socket
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(sys.argv[1])
BROKER, SASL_BROKER = os.environ["BROKER"], os.environ["SASL_BROKER"]
LIBS = pathlib.Path(os.environ["KAFKA_DIR"]) / "libs"
TOPICS = ("articles.raw", "articles.enriched", "stances", "entities", "articles.dlq", "stanced.status")
NOBODY = "127.0.0.1:1"
results = []


def stanced(*arguments):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STANCED_")}
    done = subprocess.run([BUILD / "stanced", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
                          timeout=120, env=environment)
    return done.returncode, done.stdout


def tried(status, says, *arguments, silent=()):
    """Calls stanced; its exit status and each text of `says`, but none of `silent`."""
    got, text = stanced(*arguments)
    missing = [part for part in says if part not in text] + [f"not {part}" for part in silent if part in text]
    results.append(got == status and not missing)
    if got != status or missing:
        print(f"stanced {' '.join(map(str, arguments))}: exit status {got}, not {status}; without {missing}:\n{text[-1500:]}", flush=True)


def as_guest(password="guest"):
    return ["--brokers", SASL_BROKER, "-X", "kafka.security.protocol=sasl_plaintext", "-X", "kafka.sasl.mechanism=PLAIN", "-X",
            "kafka.sasl.username=guest", "-X", f"kafka.sasl.password={password}", "--http_listen="]


def grant(operation, *resource):
    subprocess.run(["java", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-cp", f"{LIBS}/*", "org.apache.kafka.tools.AclCommand", "--bootstrap-server", BROKER,
                    "--add", "--allow-principal", "User:guest", "--operation", operation, *resource],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wrong_words(folder):
    settings = folder / "stanced.yaml"
    tried(2, ["no command \"runn\"", "did you mean \"run\"?"], "runn")
    tried(2, ["there is no option --borkers; did you mean --brokers?"], "run", "--borkers=x:1")
    tried(2, ["otlp_url is no address", "http://HOST:PORT"], "run", "--otlp_url=collector:4318")
    tried(2, ["brokers: \"http://kafka1:9092\" should be HOST:PORT,... without http"], "run", "--brokers=http://kafka1:9092")
    tried(2, ["unrecognized option", "--no-such", "stanced run --help"], "run", "--no-such=1")
    tried(2, ["\"once\" is none of exactly_once|at_least_once"], "run", "--delivery=once")
    tried(2, ["\"1y\" is not a whole number with one of the units ms, s, m, h"], "run", "--commit_interval_ms=1y")
    tried(2, ["kafka.enable.auto.commit", "the delivery guarantees depend on it"], "run", "-X", "kafka.enable.auto.commit=true")
    tried(2, ["No such configuration property: \"foo\""], "run", "-X", "kafka.foo=1")
    tried(2, ["both input and output"], "run", "--input=stances")
    tried(2, ["/nonexistent.yaml: cannot be opened: No such file"], "run", "-c", "/nonexistent.yaml")
    settings.write_text("brokers: x\ngroop: y\n", encoding="utf-8")
    tried(2, [f"{settings}:2: there is no setting \"groop\"; did you mean \"group\"?"], "check", "-c", settings)
    settings.write_text("brokers: x\n bad: [\n", encoding="utf-8")
    tried(2, [f"{settings}:2: not YAML"], "run", "-c", settings)


def wrong_files(folder):
    tried(2, ["cannot open model file /nonexistent: No such file"], "run", "--model=/nonexistent")
    tried(2, ["problem  model", "/nonexistent", "set `model`"], "check", "--model=/nonexistent", "--brokers", BROKER, "--http_listen=")
    tried(2, ["README.md: not a model file", "set `model` to the one that came with stanced"], "run", "--model=README.md")
    cut = folder / "cut.bin"
    cut.write_bytes(pathlib.Path("models/stanced-en-small.bin").read_bytes()[:100000])
    tried(2, [f"{cut}: model file has 100000 bytes, its header says", "set `model`"], "extract", f"--model={cut}")
    tried(2, ["README.md: not a knowledge file"], "run", "--knowledge=README.md")
    tried(2, ["/nonexistent.csv: No such file"], "run", "--own_entities=/nonexistent.csv")
    tried(2, ["/nonexistent.yaml: cannot be opened"], "run", "--watched_topics=/nonexistent.yaml")
    tried(1, ["/nonexistent: cannot open: No such file", "1 of 1 could not be processed"], "extract", "/nonexistent")
    article = folder / "article.txt"
    article.write_text("Ann praised Ben.\n", encoding="utf-8")
    tried(3, ["/nonexistent/page.html: cannot write: No such file"], "extract", "--html", "/nonexistent/page.html", article)


# All of these wait for some seconds; side by side they take no longer than one.
def brokers_that_do_not_answer():
    with concurrent.futures.ThreadPoolExecutor(9) as pool:
        for case in brokers_cases():
            pool.submit(tried, *case[0], **case[1])


def brokers_cases():
    def case(*arguments, **more):
        return arguments, more

    refused = ["no broker answers", f"{NOBODY}/bootstrap", "Connection refused", "are `brokers` and `kafka.security.protocol` right?"]
    for command in (["run", "--http_listen="], ["topics"], ["redrive"], ["watch"]):
        yield case(3, refused, *command, "--brokers", NOBODY)
    yield case(2, ["problem  brokers", *refused], "check", "--brokers", NOBODY, "--http_listen=")
    yield case(2, ["Failed to resolve", "is the name in `brokers` right?"], "check", "--brokers", "kafka.invalid:9092", "--http_listen=")
    # "SSL handshake failed" or "SSL connection closed by peer": who is first
    yield case(2, ["no broker answers", "SSL ", "are `brokers` and `kafka.security.protocol` right?"], "check", "--brokers", BROKER, "-X", "kafka.security.protocol=ssl", "--http_listen=")
    yield case(2, ["no broker answers", "`kafka.security.protocol` right?"], "check", "--brokers", SASL_BROKER, "--http_listen=")
    yield case(2, ["Invalid username or password", "are `kafka.sasl.mechanism`", "`kafka.sasl.password` right?"], "check", *as_guest("wrong"), silent=["wrong"])


def topics_that_are_not_there():
    tried(2, ["missing topics: articles.raw, articles.enriched", "stanced topics --create"], "run", "--brokers", BROKER, "--http_listen=")
    tried(2, ["problem  topic", "stances is missing: make it with `stanced topics --create`"], "check", "--brokers", BROKER, "--http_listen=", silent=["hidden"])
    tried(2, ["there is no topic articles.dlq: is `dead_letter_topic` right?"], "redrive", "--brokers", BROKER)
    tried(2, ["there is no topic stances: make it with `stanced topics --create`, or correct its name"], "watch", "--brokers", BROKER)
    tried(2, ["replication factor of 3", "Choose another with --replication"], "topics", "--create", "--replication=3", "--brokers", BROKER)
    tried(0, ["articles.raw"], "topics", "--create", "--brokers", BROKER)
    tried(0, ["ok       topic"], "check", "--brokers", BROKER, "--http_listen=", silent=["problem"])


def rights_that_are_missing():
    tried(2, ["stances is missing", "hidden, for want of the right DESCRIBE"], "check", *as_guest())
    tried(2, ["Authorization failed", "DESCRIBE", "CREATE"], "topics", "--create", *as_guest())
    tried(2, ["DESCRIBE on topic stances is missing: kafka-acls.sh --add --operation DESCRIBE --topic stances"], "watch", *as_guest())
    grant("DESCRIBE", "--topic", "*")
    needed = [("READ", "topic", "articles.raw"), ("READ", "group", "stanced"), *(("WRITE", "topic", topic) for topic in TOPICS[1:])]
    wanted = [f"{operation} on {kind} {name} is missing: kafka-acls.sh --add --operation {operation} --{kind} {name}" for operation, kind, name in needed]
    tried(2, wanted, "check", *as_guest(), silent=["hidden"])
    tried(2, ["AUTHORIZATION_FAILED"], "run", *as_guest())
    tried(2, ["READ on topic", "is missing: kafka-acls.sh --add --operation READ --topic"], "watch", "--count=1", *as_guest())
    tried(2, ["READ on group stanced-redrive is missing: kafka-acls.sh --add --operation READ --group stanced-redrive"], "redrive", "--dry-run", *as_guest())
    # As the messages say.
    for operation, kind, name in needed:
        grant(operation, f"--{kind}", name)
    tried(0, ["ok       permissions", "not to be asked: WRITE on transactional id"], "check", *as_guest(), silent=["problem"])
    tried(2, ["TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "WRITE on the transactional id"], "run", *as_guest())


def places_that_are_taken_or_closed():
    here = ["--brokers", BROKER]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        tried(2, [f"cannot listen on {address}: Address already in use"], "run", *here, "--http_listen", address)
        tried(2, ["problem  http", "set `http_listen` to a free address"], "check", *here, "--http_listen", address)
    tried(2, ["state_dir: /nonexistent", "may this user write to it?"], "run", *here, "--http_listen=", "--state_dir=/nonexistent")
    tried(2, ["problem  state_dir", "/nonexistent: No such file or directory: make it"], "check", *here, "--http_listen=", "--state_dir=/nonexistent")


with tempfile.TemporaryDirectory() as work:
    wrong_words(pathlib.Path(work))
    wrong_files(pathlib.Path(work))
    brokers_that_do_not_answer()
    topics_that_are_not_there()
    rights_that_are_missing()
    places_that_are_taken_or_closed()
print(f"first use: {sum(results)} passed, {len(results) - sum(results)} failed, 0 skipped")
sys.exit(not all(results))
