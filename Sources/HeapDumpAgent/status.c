#define _GNU_SOURCE
#include "status.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_SIZE = 1024 };

// A program that has taken its handler of SIGPIPE away would end by a reader that has gone.
static void write_line(int pipe, const char *line, int length) {
    if (pipe < 0 || length <= 0 || length >= LINE_SIZE) return;
    sigset_t broken_pipe, before, pending;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
    // Shorter than PIPE_BUF: whole or not at all.
    ssize_t count = write(pipe, line, (size_t)length);
    if (count < 0 && !sigismember(&pending, SIGPIPE)) sigtimedwait(&broken_pipe, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

// JSON text of what V8 said: cut, and in plain ASCII.
static void escape(char *target, size_t size, const char *source) {
    size_t filled = 0;
    for (; *source && filled + 1 < size; source++) {
        unsigned char c = (unsigned char)*source;
        target[filled++] = c == '"' || c == '\\' ? '\'' : c < 0x20 || c > 0x7e ? ' ' : (char)c;
    }
    target[filled] = '\0';
}

void status_format_start(char *text, size_t size, const struct dump_start *start) {
    char busy[sizeof start->busy], step[200];
    escape(busy, sizeof busy, start->busy);
    escape(step, sizeof step, start->error && start->step ? start->step : "");
    snprintf(
        text, size,
        "{\"pid\":%d,\"output\":%d,\"go\":%d,\"status\":%d,\"stallMicroseconds\":%ld,\"calm\":%d,\"busy\":\"%s\",\"errno\":%d,"
        "\"step\":\"%s\"}",
        start->pid, start->output_reader, start->go_writer, start->status_reader, start->stall_us, start->was_calm, busy,
        start->error, step);
}

void status_report_fork(int pipe, int attempt, const struct dump_start *start) {
    char line[LINE_SIZE];
    int length = snprintf(
        line, sizeof line,
        "{\"event\":\"forked\",\"attempt\":%d,\"pid\":%d,\"output\":%d,\"go\":%d,\"stall_us\":%ld,\"calm\":%d}\n", attempt,
        start->pid, start->output_reader, start->go_writer, start->stall_us, start->was_calm);
    write_line(pipe, line, length);
}

void status_report_end(int pipe, int attempt, const struct child_end *end, const char *error, bool retries) {
    char line[LINE_SIZE], text[400];
    escape(text, sizeof text, error);
    int length = snprintf(
        line, sizeof line,
        "{\"event\":\"ended\",\"attempt\":%d,\"exit_status\":%d,\"signal\":%d,\"cpu_ms\":%ld,\"peak_kb\":%ld,"
        "\"killed_because\":\"%s\",\"error\":\"%s\",\"retries\":%s}\n",
        attempt, end->exit_status, end->signal, end->cpu_ms, end->peak_kb,
        end->killed_because ? end->killed_because : "", text, retries ? "true" : "false");
    write_line(pipe, line, length);
}

void status_report_failure(int pipe, const char *step, int error) {
    char line[LINE_SIZE], text[200];
    status_format_error(text, sizeof text, step, error);
    int length = snprintf(line, sizeof line, "{\"event\":\"failed\",\"error\":\"%s\"}\n", text);
    write_line(pipe, line, length);
}

void status_format_error(char *text, size_t size, const char *step, int error) {
    snprintf(text, size, "%s: %s", step, strerror(error));
}
