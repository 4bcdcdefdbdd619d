#pragma once

#include "clinux_access_as.h"

// Runs `body` on a thread that takes these credentials as far as the caller may give them, and waits for its end.
// 0, or -1 and errno where there is no such thread.
int clinux_run_as(const struct clinux_credentials *credentials, void (*body)(void *), void *argument);
