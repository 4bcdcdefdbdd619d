// What is told of a dump through its pipe: one JSON object a line.
#ifndef HEAPDUMP_STATUS_H
#define HEAPDUMP_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "dump.h"
#include "monitor.h"

// Each does nothing where `pipe` is -1, and loses the line where nobody empties the pipe.

void status_report_fork(int pipe, int attempt, const struct dump_start *start);

// `retries`: another child follows.
void status_report_end(int pipe, int attempt, const struct child_end *end, const char *error, bool retries);

// What `heapdump` is told of the first try, as a JSON object.
void status_format_start(char *text, size_t size, const struct dump_start *start);

// No child could be made.
void status_report_failure(int pipe, const char *step, int error);

void status_format_error(char *text, size_t size, const char *step, int error);

#endif
