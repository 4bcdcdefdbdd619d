#ifndef CCOMPRESSION_H
#define CCOMPRESSION_H

#include <stdbool.h>
#include <stddef.h>

// Reads gzip (RFC 1952) and Zstandard (RFC 8878), whole files of one or more members or frames, portion by portion.

typedef struct ccompression_decoder ccompression_decoder;

// What a portion of work came to.
enum ccompression_result {
    CCOMPRESSION_OK = 0,
    // The last member or frame is whole; more may follow.
    CCOMPRESSION_END = 1,
    CCOMPRESSION_DAMAGED = -1,
    CCOMPRESSION_NO_MEMORY = -2,
};

// Returns whether this many bytes of memory are available.
typedef bool (*ccompression_admit)(void *context, size_t bytes);

// Returns NULL if memory runs out. A zstd file states the size of its window: `admit` is called before the window is allocated.
ccompression_decoder *ccompression_gzip(void);
ccompression_decoder *ccompression_zstd(ccompression_admit admit, void *context);
void ccompression_free(ccompression_decoder *decoder);

// Decodes from `input` to `output`. The counts are what there is, and afterwards what was used of it.
enum ccompression_result ccompression_decode(ccompression_decoder *decoder, const void *input, size_t *input_count,
                                             void *output, size_t *output_count);

#endif
