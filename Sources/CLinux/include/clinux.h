#pragma once

#include "clinux_eventfd.h"
#include "clinux_link_descriptor.h"
#include "clinux_memmem.h"
#include "clinux_open_tmpfile.h"
#include "clinux_pidfd_getfd.h"
#include "clinux_pidfd_open.h"
#include "clinux_pidfd_send_signal.h"
#include "clinux_renameat2.h"
#include "clinux_setns.h"
#include "clinux_signalfd.h"
#include "clinux_sync_file_range.h"
