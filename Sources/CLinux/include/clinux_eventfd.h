#pragma once

// A counter at zero, close-on-exec and non-blocking; -1 and errno.
int clinux_eventfd(void);
