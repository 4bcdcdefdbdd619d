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

// Whether there is memory for so many bytes.
typedef bool (*ccompression_admit)(void *context, size_t bytes);

// NULL where there is no memory. A file of zstd's says how large a window it takes: `admit` is asked before that is made.
ccompression_decoder *ccompression_gzip(void);
ccompression_decoder *ccompression_zstd(ccompression_admit admit, void *context);
void ccompression_free(ccompression_decoder *decoder);

// Decodes from `input` to `output`. The counts are what there is, and afterwards what was used of it.
enum ccompression_result ccompression_decode(ccompression_decoder *decoder, const void *input, size_t *input_count,
                                             void *output, size_t *output_count);

#endif
