#ifndef AGENT_IMAGE_H
#define AGENT_IMAGE_H

#include <stddef.h>

/// The agent as a shared object: heapdump.node, which `make agent` builds.
extern const unsigned char *const agent_image_bytes;

/// 0 where heapdump was built without `make`.
extern const size_t agent_image_size;

/// What ptrace brings into a process, as a shared object; of size 0 likewise.
extern const unsigned char *const visit_image_bytes;
extern const size_t visit_image_size;

#endif
