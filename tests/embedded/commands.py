#!/usr/bin/env python3
"""`stanced extract`, `stanced ask` and the like as a user meets them: one line a record, in order, statuses, messages.

    tests/embedded/commands.py BUILD
"""
import gzip
import html.parser
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

BUILD = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build")
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CASES = ROOT / "tests" / "cases" / "demo"
QUOTE = "Mayor Zoë Lang criticised Norvex sharply. “Norvex has betrayed this town,” Lang said."


def run(*arguments, stdin=b"", program="stanced"):
    done = subprocess.run([BUILD / program, *map(str, arguments)], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def records(text):
    return [json.loads(line) for line in text.splitlines()]


def lines(*items):
    return "".join((item if isinstance(item, str) else json.dumps(item)) + "\n" for item in items).encode()


def articles(count):
    samples = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.json"))[:6]]
    return [{**samples[i % len(samples)], "id": f"n{i}"} for i in range(count)]


def validate(text, *options):
    done = subprocess.run([sys.executable, ROOT / "tests" / "validate.py", *options], input=text.encode(), stdout=subprocess.PIPE)
    return done.returncode, done.stdout.decode()


def blocks_sigterm(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    blocked = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigBlk"))
    return bool(blocked >> (signal.SIGTERM - 1) & 1)


class FullDisk(unittest.TestCase):
    def test_is_said(self):
        with open("/dev/full", "wb") as full:
            for command, line in (("extract", {"text": QUOTE}), ("ask", {"text": QUOTE, "source": None, "target": {"start": 27, "end": 33}})):
                done = subprocess.run([BUILD / "stanced", command], input=lines(*[line] * 3), stdout=full, stderr=subprocess.PIPE, timeout=120)
                self.assertEqual((done.returncode, done.stderr.decode()), (3, f"stanced {command}: cannot write: No space left on device\n"))


class Extract(unittest.TestCase):
    def test_gives_one_line_a_record_in_order_and_says_what_failed(self):
        status, out, err = run("extract", stdin=lines({"id": "a", "text": QUOTE}, "nope", "", {"id": "c"}, {"id": "d", "text": QUOTE}))
        found = records(out)
        self.assertEqual(status, 1)
        self.assertEqual(["error" in record for record in found], [False, True, True, False])
        self.assertEqual([found[i]["id"] for i in (0, 2, 3)], ["a", "c", "d"])
        self.assertEqual(set(found[1]), {"id", "error"})
        self.assertIn("stdin:2: not JSON", err)
        self.assertIn("2 of 4 could not be processed", err)

    def test_gives_up_an_article_that_takes_too_long_and_goes_on(self):
        long = {"id": "long", "text": "\n\n".join([QUOTE] * 20000)}
        status, out, err = run("extract", "-X", "article_ms=1s", stdin=lines(*articles(2), long, *articles(1)))
        found = records(out)
        self.assertEqual([record["id"] for record in found], ["n0", "n1", "long", "n0"])
        self.assertEqual(["error" in record for record in found], [False, False, True, False])
        self.assertIn("article.deadline", found[2]["error"])
        self.assertEqual(status, 1)
        self.assertIn("article_ms", err)

    def test_is_silent_about_good_input(self):
        status, out, err = run("extract", stdin=lines({"id": "a", "text": QUOTE}))
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(len(records(out)), 1)

    def test_gives_the_same_bytes_again_and_with_any_number_of_threads(self):
        stdin = lines(*articles(24))
        outs = {run("extract", "--threads", threads, stdin=stdin)[1] for threads in (1, 1, 2, 5)}
        self.assertEqual(len(outs), 1)
        self.assertEqual([record["id"] for record in records(outs.pop())], [f"n{i}" for i in range(24)])

    def test_reads_every_form_of_an_article(self):
        with tempfile.TemporaryDirectory() as folder:
            forms = {
                "object.json": json.dumps({"text": QUOTE}, indent=2).encode(),
                "lines.jsonl": lines({"text": QUOTE}),
                "plain.txt": QUOTE.encode(),
                "page.html": f"<html><body><p>{QUOTE}</p></body></html>".encode(),
                "plain.txt.gz": gzip.compress(QUOTE.encode()),
                "lines.jsonl.gz": gzip.compress(lines({"text": QUOTE})),
            }
            for name, content in forms.items():
                (pathlib.Path(folder) / name).write_bytes(content)
            status, out, err = run("extract", *(pathlib.Path(folder) / name for name in forms))
            self.assertEqual((status, err), (0, ""))
            self.assertEqual([record["text"].strip() for record in records(out)], [QUOTE] * len(forms))

    def test_counts_offsets_in_code_points(self):
        record = records(run("extract", stdin=lines({"text": QUOTE}))[1])[0]
        names = {record["text"][m["start"]:m["end"]] for entity in record["entities"] for m in entity["mentions"]}
        self.assertIn("Norvex", names)
        self.assertIn("Zoë Lang", names)

    def test_takes_other_keys(self):
        status, out, _ = run("extract", "--fields", "text=rumpf,inhalt", stdin=lines({"text": "wrong", "inhalt": QUOTE}))
        self.assertEqual((status, records(out)[0]["text"]), (0, QUOTE))

    def test_reads_own_entities_and_says_where_their_file_is_wrong(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "own.csv"
            path.write_text("name,type,wikidata,aliases\nNorvex Group,Organization,Q4242424,Norvex\n", encoding="utf-8")
            status, out, _ = run("extract", "-X", f"own_entities={path}", stdin=lines({"text": QUOTE}))
            found = {e["name"]: e.get("wikidata") for e in records(out)[0]["entities"]}
            self.assertEqual((status, found.get("Norvex Group")), (0, "Q4242424"))
            path.write_text("name,type\nNorvex,Firm\n", encoding="utf-8")
            status, _, err = run("extract", "-X", f"own_entities={path}", stdin=lines({"text": QUOTE}))
        self.assertEqual(status, 2)
        self.assertIn('own.csv:2: "Firm" is no type', err)

    def test_indents_for_people(self):
        _, plain, _ = run("extract", stdin=lines({"id": "a", "text": QUOTE}))
        _, pretty, _ = run("extract", "--pretty", stdin=lines({"id": "a", "text": QUOTE}))
        self.assertGreater(pretty.count("\n"), 10)
        self.assertEqual(json.loads(plain), json.loads(pretty))

    def test_draws_a_page_that_holds_together(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "page.html"
            status, stdout, _ = run("extract", "--html", out, stdin=lines({"id": "a", "text": QUOTE}, {"id": "<b>"}))
            page = out.read_text(encoding="utf-8")
        self.assertEqual((status, stdout), (1, ""))
        checker = TagCheck()
        checker.feed(page)
        self.assertEqual((checker.open, checker.wrong), ([], []))
        self.assertEqual([record["id"] for record in checker.records], ["a", "<b>"])
        self.assertEqual(checker.records[0], records(run("extract", stdin=lines({"id": "a", "text": QUOTE}))[1])[0])
        self.assertIn("text", checker.records[1]["error"])

    def test_tells_wrong_usage_from_bad_input(self):
        for arguments in (["--format", "word"], ["--no-such-option"], ["--threads", "many"], ["--model", "/nonexistent"], ["--fields", "x"]):
            status, out, err = run("extract", *arguments, stdin=lines({"text": QUOTE}))
            self.assertEqual((status, out), (2, ""), arguments)
            self.assertIn("stanced extract", err)
        status, out, err = run("extract", "/nonexistent")
        self.assertEqual((status, set(records(out)[0])), (1, {"id", "error"}))
        self.assertIn("/nonexistent: cannot open", err)

    def test_emits_what_the_schemas_say(self):
        files = sorted(CASES.glob("*.*"))[:12] + sorted((CASES / "broken").iterdir())
        status, out, _ = run("extract", *files)
        self.assertEqual(status, 1)
        self.assertEqual(len(out.splitlines()), len(files))
        self.assertEqual(validate(out, "--errors"), (0, f"validate: {len(files)} records as the schemas say, 0 not\n"))
        status, out, err = run(stdin=lines(*articles(6)), program="tests/embedded/records")
        self.assertEqual((status, err), (0, ""))
        self.assertEqual({record["schema"] for record in records(out)}, {"stanced.article/1", "stanced.stance/1", "stanced.entity/1"})
        self.assertEqual(validate(out)[0], 0)


class Ask(unittest.TestCase):
    def ask(self, *questions):
        status, out, err = run("ask", stdin=lines(*questions))
        return status, records(out), err

    def test_answers_each_line_in_order(self):
        start = QUOTE.index("Norvex")
        target = {"start": start, "end": start + 6}
        source = {"start": QUOTE.index("Zoë"), "end": QUOTE.index(" criticised")}
        status, answers, err = self.ask({"text": QUOTE, "source": source, "target": target}, {"id": 7, "text": QUOTE, "source": None, "target": target})
        self.assertEqual((status, err), (0, ""))
        self.assertEqual([list(answer) for answer in answers], [["against", "none", "for"], ["id", "against", "none", "for"]])
        for answer in answers:
            self.assertAlmostEqual(answer["against"] + answer["none"] + answer["for"], 1, places=3)
        self.assertGreater(answers[0]["against"], answers[0]["for"])

    def test_says_which_line_is_wrong(self):
        status, answers, err = self.ask("nope", {"id": "x", "text": "ab", "target": {"start": 0, "end": 3}}, {"text": "  ", "target": {"start": 0, "end": 1}})
        self.assertEqual(status, 1)
        self.assertEqual([set(answer) for answer in answers], [{"id", "error"}] * 3)
        self.assertEqual(answers[1]["id"], "x")
        self.assertIn("stanced ask: line 1: ", err)

    def test_answers_before_stdin_ends(self):
        process = subprocess.Popen([BUILD / "stanced", "ask"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2):
            process.stdin.write(lines({"text": "Ann praised Ben.", "source": {"start": 0, "end": 3}, "target": {"start": 12, "end": 15}}))
            process.stdin.flush()
            self.assertIn("for", json.loads(process.stdout.readline()))
        process.stdin.close()
        self.assertEqual((process.stdout.read(), process.wait(30)), (b"", 0))
        process.stdout.close()


class Eval(unittest.TestCase):
    def test_scores_a_data_set(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "dev.tsv"
            path.write_text("[Ann] praised [Ben] warmly.\tAnn\tBen\t1\n[Ann] met [Ben].\tAnn\tBen\t0\n", encoding="utf-8")
            status, out, err = run("eval", "dse", path)
            self.assertEqual((status, err), (0, ""))
            self.assertRegex(out, r"^all    n     2  micro +[0-9.]+  macro ")
            path.write_text("no columns\n", encoding="utf-8")
            self.assertEqual(run("eval", "dse", path)[0], 1)
        status, _, err = run("eval", "name", "x")
        self.assertEqual(status, 2)
        self.assertIn('did you mean "names"?', err)


class Redrive(unittest.TestCase):
    def test_tells_what_is_wrong_before_it_asks_a_broker(self):
        wrong = {
            ("--limit", "0"): "--limit takes a number from 1",
            ("--limit", "many"): "--limit takes a number from 1",
            ("--redrives-most", "-1"): "--redrives-most takes a number from 0 to 1000",
            ("--since", "yesterday"): "--since takes a time back",
            ("--until", "6x"): "--until takes a time back",
            ("--since", "1h", "--until", "2h"): "--since is not before --until",
            ("--redrive-group", "stanced"): "is the group of the processor",
            ("--redrive-group", ""): "needs a name of 1 to 249 bytes",
            ("--group", "g" * 245): "needs a name of 1 to 249 bytes",
            ("articles.dlq",): "Too many arguments",
            ("--codes", "json.syntax"): "there is no option --codes; did you mean --code?",
            ("--dead_letter_profile", "rabbit"): "streams",
        }
        for arguments, text in wrong.items():
            status, out, err = run("redrive", "--brokers", "127.0.0.1:1", *arguments)
            self.assertEqual((status, out), (2, ""), arguments)
            self.assertIn("stanced redrive: ", err)
            self.assertIn(text, err)

    def test_says_in_its_help_what_stays_and_what_a_second_call_does(self):
        status, out, err = run("redrive", "--help")
        self.assertEqual((status, err), (0, ""))
        for word in ("--dry-run", "--skip", "--redrives-most", "--from-beginning", "none is sent twice", "Exit status: 0"):
            self.assertIn(word, " ".join(out.split()))


class Run(unittest.TestCase):
    def test_ends_at_once_when_told_to_while_no_broker_answers(self):
        process = subprocess.Popen([BUILD / "stanced", "run", "--brokers", "127.0.0.1:1", "--http_listen", ""], stderr=subprocess.PIPE)
        try:
            while not blocks_sigterm(process.pid) and process.poll() is None:
                time.sleep(0.02)
            started = time.monotonic()
            process.terminate()
            said = process.communicate(timeout=60)[1].decode()
        finally:
            process.kill()
        self.assertEqual((process.returncode, "no broker answers" in said), (0, False), said)
        self.assertLess(time.monotonic() - started, 12)


class TagCheck(html.parser.HTMLParser):
    """Whether every element is closed in its turn; and the records that stand in the page as data."""

    EMPTY = {"meta"}

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.records, self.is_record = [], [], [], False

    def handle_starttag(self, tag, attrs):
        if tag not in self.EMPTY:
            self.open.append(tag)
        self.is_record = ("class", "record") in attrs

    def handle_data(self, data):
        if self.is_record:
            self.records.append(json.loads(data))

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        self.is_record = False
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    print(f"commands: {result.testsRun - failed} passed, {failed} failed, {len(result.skipped)} skipped")
    sys.exit(1 if failed else 0)
