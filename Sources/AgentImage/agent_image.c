#include "agent_image.h"

// Not there for `swift build` alone: such a heapdump works without the agent's method, and says so.
#if __has_include("heapdump.node.inc")
static const unsigned char image[] = {
#include "heapdump.node.inc"
};
const size_t agent_image_size = sizeof image;
#else
static const unsigned char image[] = {0};
const size_t agent_image_size = 0;
#endif

const unsigned char *const agent_image_bytes = image;

#if __has_include("visit.so.inc")
static const unsigned char visit[] = {
#include "visit.so.inc"
};
const size_t visit_image_size = sizeof visit;
#else
static const unsigned char visit[] = {0};
const size_t visit_image_size = 0;
#endif

const unsigned char *const visit_image_bytes = visit;
