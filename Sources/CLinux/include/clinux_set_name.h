#pragma once

// Sets the name that ps and killall see, 15 bytes at most.
int clinux_set_name(const char *name);
