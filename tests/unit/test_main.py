"""The table of commands: help, version, what is unknown. Called as test_main.py BUILD."""
import os
import subprocess
import sys

sys.path.insert(0, "tests")
import counted  # noqa: E402

COMMANDS = ["run", "extract", "ask", "demo", "watch", "topics", "check", "eval"]


def call(*arguments):
    program = os.path.join(sys.argv[1], "stanced")
    return subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=30,
                          stdin=subprocess.DEVNULL)


def help_lists_every_command():
    for option in ("--help", "help"):
        done = call(option)
        assert done.returncode == 0, done
        for name in COMMANDS:
            assert f"\n  {name} " in done.stdout, f"no {name} in {done.stdout}"


def every_command_has_its_own_help():
    for name in COMMANDS:
        done = call(name, "--help")
        assert done.returncode == 0, done
        assert "Usage: " in done.stdout and name in done.stdout, done.stdout


def every_command_refuses_an_option_it_does_not_know():
    for name in COMMANDS:
        done = call(name, "--no-such-option")
        assert done.returncode == 2, f"{name}: exit status {done.returncode}: {done.stderr}"
        assert "no-such-option" in done.stderr, done.stderr


def the_version_is_one_line():
    done = call("--version")
    assert done.returncode == 0 and done.stdout.startswith("stanced ") and done.stdout.count("\n") == 1, done


def an_unknown_command_names_the_nearest():
    done = call("extrct")
    assert done.returncode == 2 and 'did you mean "extract"?' in done.stderr, done
    done = call("zzzzzzzz")
    assert done.returncode == 2 and "did you mean" not in done.stderr and "--help" in done.stderr, done


def no_command_is_wrong_usage():
    done = call()
    assert done.returncode == 2 and done.stdout == "" and "Usage: stanced COMMAND" in done.stderr, done


def wrong_settings_are_said_before_anything_runs():
    done = call("run", "--workers=many")
    assert done.returncode == 2, done
    assert 'workers: "many" is not a whole number' in done.stderr, done.stderr


counted.run([help_lists_every_command, every_command_has_its_own_help, every_command_refuses_an_option_it_does_not_know,
             the_version_is_one_line, an_unknown_command_names_the_nearest, no_command_is_wrong_usage,
             wrong_settings_are_said_before_anything_runs])
