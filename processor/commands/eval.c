#include "processor/commands/eval.h"

#include "processor/commands/commands.h"
#include "processor/runtime/nearest.h"

#include <stdio.h>
#include <string.h>

enum { OPTION_EXACT = 1, OPTION_TRAIN, OPTION_TEXT, ARENA_BYTES = 1024 * 1024 };

static const struct task {
    const char *name;
    eval_task *run;
} tasks[] = {
    {"names", eval_names},   {"dse", eval_dse},         {"newsmtsc", eval_newsmtsc}, {"polnear", eval_polnear},
    {"seesaw", eval_seesaw}, {"linking", eval_linking}, {"pages", eval_pages},
};
enum { TASK_COUNT = sizeof tasks / sizeof *tasks };

struct command {
    struct options options;
    bool is_exact;
    const struct task *task;
    struct eval eval;
};

static const struct task *find_task(const char *name, struct argp_state *state)
{
    const char *names[TASK_COUNT];
    for (size_t i = 0; i < TASK_COUNT; i++) {
        if (strcmp(tasks[i].name, name) == 0)
            return &tasks[i];
        names[i] = tasks[i].name;
    }
    const char *near = nearest_name(name, names, TASK_COUNT);
    argp_error(state, "there is no task \"%s\"%s%s%s", name, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    return NULL;
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct command *command = state->input;
    switch (key) {
    case ARGP_KEY_INIT: state->child_inputs[0] = &command->options; return 0;
    case OPTION_EXACT: command->is_exact = true; return 0;
    case OPTION_TRAIN: command->eval.train_path = argument; return 0;
    case OPTION_TEXT: command->eval.text_path = argument; return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num == 0)
            command->task = find_task(argument, state);
        else if (state->arg_num == 1)
            command->eval.path = argument;
        else
            argp_usage(state);
        return 0;
    case ARGP_KEY_END:
        if (state->arg_num < 2)
            argp_error(state, "needs a TASK and a FILE");
        return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option option_list[] = {
    {"train", OPTION_TRAIN, "FILE", 0, "dse: count rows that stand in FILE too apart from the rest", 0},
    {"text", OPTION_TEXT, "FILE", 0, "names: the raw documents, JSON Lines {\"id\", \"text\"}, instead of the tokens joined", 0},
    {"exact", OPTION_EXACT, 0, 0, "plain 32-bit arithmetic", 0},
    {0},
};

static const char documentation[] =
    "Scores what is found in a data set with the measures that were published with it."
    "\vTASK and FILE:\n"
    "  names     tokens in columns (CoNLL's txt, Worldwide's tsv): F1 of names\n"
    "  dse       sentence, two entities, label: F1 of directed stance\n"
    "  newsmtsc  JSON Lines of sentences with targets: F1 of portrayal\n"
    "  polnear   JSON Lines of texts with attributions: F1 of sources, cues and contents\n"
    "  seesaw    JSON Lines of articles with stances: F1 of stances, end to end\n"
    "  linking   JSON Lines of texts with identifiers: F1 of Wikidata ids\n"
    "  pages     ground-truth.json beside NAME.html.gz: F1 of the articles' bodies\n";

int command_eval(int argc, char **argv)
{
    const struct argp_child children[] = {{&session_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {option_list, parse_option, "TASK FILE", documentation, children, NULL, NULL};
    struct command command = {.is_exact = false};
    session_parse(&argp, "eval", argc, argv, &command);
    struct error err = {0};
    struct eval *eval = &command.eval;
    if (!session_open(&eval->session, &command.options, command.is_exact, &err))
        return session_complain("eval", &err);
    eval->arena = arena_new(ARENA_BYTES);
    bool is_done = command.task->run(eval, &err);
    arena_free(eval->arena);
    session_close(&eval->session);
    if (!is_done)
        return session_complain("eval", &err);
    return fflush(stdout) == 0 ? STATUS_DONE : STATUS_FATAL;
}
