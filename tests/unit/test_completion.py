"""Completion in bash (deploy/stanced.bash), asked as bash asks it. Called as test_completion.py BUILD."""
import os
import subprocess
import sys

sys.path.insert(0, "tests")
import counted  # noqa: E402

SCRIPT = r"""
source deploy/stanced.bash
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_stanced "$PROGRAM"
printf '%s\n' "${COMPREPLY[@]}"
"""


def complete(*words):
    """What bash offers for the last of the words; it breaks them at =, as bash does."""
    done = subprocess.run(["bash", "-c", SCRIPT, "bash", "stanced", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=30, env={**os.environ, "PROGRAM": os.path.join(sys.argv[1], "stanced")})
    assert done.stderr == "", done.stderr
    return done.stdout.split()


def commands_are_those_of_the_help():
    assert complete("ex") == ["extract"]
    offered = complete("")
    assert {"run", "redrive", "eval", "--version"} <= set(offered), offered


def options_and_settings_are_those_of_the_command():
    assert complete("run", "--deliv") == ["--delivery="]
    assert complete("extract", "--pre") == ["--pretty"]
    assert complete("redrive", "--dry") == ["--dry-run"]
    assert complete("run", "--dry") == []
    for setting in ("--brokers=", "--fields.text=", "--watched_topics=", "--config=", "--help"):
        assert setting in complete("run", "--"), setting


def the_values_of_a_choice_are_offered():
    assert complete("run", "--delivery", "=", "") == ["exactly_once", "at_least_once"]
    assert complete("run", "--delivery", "=", "at") == ["at_least_once"]
    assert complete("run", "--delivery", "=") == ["exactly_once", "at_least_once"]
    assert complete("run", "--format_out", "pro") == ["protobuf"]


def all_else_is_a_file():
    assert "README.md" in complete("extract", "READ")
    assert "README.md" in complete("run", "-c", "READ")
    assert "README.md" in complete("run", "--config", "=", "READ")


counted.run([commands_are_those_of_the_help, options_and_settings_are_those_of_the_command, the_values_of_a_choice_are_offered,
             all_else_is_a_file])
