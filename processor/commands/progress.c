#include "processor/commands/progress.h"

#include "processor/runtime/clock.h"

#include <stdio.h>
#include <unistd.h>

enum { FIRST_MS = 2000, INTERVAL_MS = 200, BAR_CELLS = 24 };

static void draw_bar(char bar[BAR_CELLS + 1], double share)
{
    for (int i = 0; i < BAR_CELLS; i++)
        bar[i] = (double)i < share * BAR_CELLS ? '#' : '.';
    bar[BAR_CELLS] = '\0';
}

struct progress progress_start(size_t bytes_total)
{
    int64_t now_ms = clock_now_ms();
    return (struct progress){.is_on = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO),
                             .start_ms = now_ms,
                             .next_ms = now_ms + FIRST_MS,
                             .bytes_total = bytes_total};
}

void progress_show(struct progress *progress, size_t count, size_t bytes_done)
{
    int64_t now_ms = clock_now_ms();
    if (!progress->is_on || now_ms < progress->next_ms)
        return;
    progress->next_ms = now_ms + INTERVAL_MS;
    progress->is_shown = true;
    double seconds = (double)(now_ms - progress->start_ms) / 1000;
    double rate = (double)count / seconds;
    if (progress->bytes_total == 0 || bytes_done == 0) {
        fprintf(stderr, "\r\x1b[K%zu articles  %.1f/s", count, rate);
        return;
    }
    double share = (double)bytes_done / (double)progress->bytes_total;
    share = share > 1 ? 1 : share;
    long left = (long)(seconds * (1 - share) / share + 0.5);
    char bar[BAR_CELLS + 1];
    draw_bar(bar, share);
    fprintf(stderr, "\r\x1b[K[%s] %3.0f %%  %zu articles  %.1f/s  %ld:%02ld left", bar, share * 100, count, rate, left / 60, left % 60);
}

void progress_hide(struct progress *progress)
{
    if (progress->is_shown)
        fputs("\r\x1b[K", stderr);
    progress->is_shown = false;
}
