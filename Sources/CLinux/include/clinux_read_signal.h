#pragma once

// The number of the next signal of a signalfd, -1 with errno where there is none.
int clinux_read_signal(int fd);
