/* One function a command; main.c has the table. Each parses its own options with argp (GNU libc), prints its own --help,
 * logs what goes wrong to stderr, and returns the exit status: 0 done, 1 some input could not be processed, 2 wrong
 * usage or settings, 3 could not go on (broker gone, disk full). */
#pragma once

int command_run(int argc, char **argv);
int command_extract(int argc, char **argv);
int command_ask(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_watch(int argc, char **argv);
int command_topics(int argc, char **argv);
int command_redrive(int argc, char **argv);
int command_check(int argc, char **argv);
int command_eval(int argc, char **argv);
