#include "clinux_signalfd.h"

#include <sys/signalfd.h>

int clinux_signalfd(const sigset_t *mask, int flags) {
    return signalfd(-1, mask, flags | SFD_CLOEXEC);
}
