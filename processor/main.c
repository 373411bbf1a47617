/* The table of commands, nothing else. */
#include "processor/commands/commands.h"
#include "processor/runtime/nearest.h"

#include <stdio.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} commands[] = {
    {"run", command_run, "process the stream: articles in, entities and stances out"},
    {"extract", command_extract, "read articles from files or stdin, print enriched records as JSON Lines or a page"},
    {"ask", command_ask, "the stance of one span of a text toward another, for JSON Lines of questions"},
    {"demo", command_demo, "the whole stream on an embedded broker with sample articles"},
    {"watch", command_watch, "follow the output topics live in the terminal"},
    {"topics", command_topics, "show the topics, or create them with sensible settings"},
    {"redrive", command_redrive, "send dead letters back to the topics they came from"},
    {"check", command_check, "what is wrong with settings, model, brokers, topics and permissions"},
    {"eval", command_eval, "score a data set"},
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void print_help(FILE *to)
{
    fputs("Usage: stanced COMMAND [OPTION...]\n"
          "Finds who takes which stance towards whom in a stream of news articles.\n\n", to);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(to, "  %-9s %s\n", commands[i].name, commands[i].help);
    fputs("\n`stanced COMMAND --help` says more about one. `stanced --version` prints the version.\n", to);
}

static int say_unknown(const char *name)
{
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    const char *near = nearest_name(name, names, COMMAND_COUNT);
    fprintf(stderr, "stanced: there is no command \"%s\"", name);
    if (near)
        fprintf(stderr, "; did you mean \"%s\"?", near);
    fputs("\nstanced --help lists the commands.\n", stderr);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-?") == 0 || strcmp(name, "help") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        puts("stanced " STANCED_VERSION);
        return 0;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    return say_unknown(name);
}
