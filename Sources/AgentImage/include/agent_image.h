#ifndef AGENT_IMAGE_H
#define AGENT_IMAGE_H

#include <stddef.h>

/// The agent as a shared object: heapdump.node, which `make agent` builds.
extern const unsigned char *const agent_image_bytes;

/// 0 where heapdump was built without `make`.
extern const size_t agent_image_size;

#endif
