#define ZSTD_STATIC_LINKING_ONLY // of which it is: an allocator of one's own needs that.

#include "CCompression.h"

#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

struct ccompression_decoder {
    // One of the two.
    z_stream *gzip;
    ZSTD_DStream *zstd;
    int ended;
    ccompression_admit admit;
    void *context;
};

// Windows of up to 128 MiB, as `zstd -d` takes them without being asked to.
enum { window_log_max = 27, gzip_window_bits = 15 + 16 };
// What takes less is not asked for.
enum { small = 1 << 20 };

static void *allocate(void *opaque, size_t size) {
    const ccompression_decoder *decoder = opaque;
    if (size > small && !decoder->admit(decoder->context, size)) return NULL;
    return malloc(size);
}

static void release(void *opaque, void *memory) {
    (void)opaque;
    free(memory);
}

ccompression_decoder *ccompression_gzip(void) {
    ccompression_decoder *decoder = calloc(1, sizeof *decoder);
    z_stream *stream = calloc(1, sizeof *stream);
    if (!decoder || !stream || inflateInit2(stream, gzip_window_bits) != Z_OK) {
        free(decoder);
        free(stream);
        return NULL;
    }
    decoder->gzip = stream;
    return decoder;
}

ccompression_decoder *ccompression_zstd(ccompression_admit admit, void *context) {
    ccompression_decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder) return NULL;
    decoder->admit = admit;
    decoder->context = context;
    ZSTD_customMem memory = {allocate, release, decoder};
    ZSTD_DStream *stream = ZSTD_createDStream_advanced(memory);
    if (!stream) {
        free(decoder);
        return NULL;
    }
    ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, window_log_max);
    decoder->zstd = stream;
    return decoder;
}

void ccompression_free(ccompression_decoder *decoder) {
    if (!decoder) return;
    if (decoder->gzip) inflateEnd(decoder->gzip);
    free(decoder->gzip);
    ZSTD_freeDStream(decoder->zstd);
    free(decoder);
}

static enum ccompression_result decode_gzip(ccompression_decoder *decoder, const void *input, size_t *input_count,
                                            void *output, size_t *output_count) {
    z_stream *stream = decoder->gzip;
    // Several members may follow each other, as those of `cat a.gz b.gz`.
    if (decoder->ended && *input_count > 0) {
        if (inflateReset(stream) != Z_OK) return CCOMPRESSION_DAMAGED;
        decoder->ended = 0;
    }
    // zlib counts in 32 bits.
    uInt in = *input_count < UINT32_MAX ? (uInt)*input_count : UINT32_MAX;
    uInt out = *output_count < UINT32_MAX ? (uInt)*output_count : UINT32_MAX;
    stream->next_in = (Bytef *)(uintptr_t)input;
    stream->avail_in = in;
    stream->next_out = output;
    stream->avail_out = out;
    int result = inflate(stream, Z_NO_FLUSH);
    *input_count = in - stream->avail_in;
    *output_count = out - stream->avail_out;
    switch (result) {
    case Z_STREAM_END:
        decoder->ended = 1;
        return CCOMPRESSION_END;
    case Z_OK:
    case Z_BUF_ERROR: // Nothing could be done with what there was.
        return CCOMPRESSION_OK;
    case Z_MEM_ERROR:
        return CCOMPRESSION_NO_MEMORY;
    default:
        return CCOMPRESSION_DAMAGED;
    }
}

enum ccompression_result ccompression_decode(ccompression_decoder *decoder, const void *input, size_t *input_count,
                                             void *output, size_t *output_count) {
    if (decoder->gzip) return decode_gzip(decoder, input, input_count, output, output_count);
    // A frame, or one to be skipped, may follow another. libzstd takes frames of its first versions too, if it sees enough of one at
    // once: what a damaged file is said to be would depend on where it is cut into portions.
    if (decoder->ended && *input_count > 0) {
        unsigned char first = *(const unsigned char *)input;
        if (first != 0x28 && (first & 0xF0) != 0x50) return CCOMPRESSION_DAMAGED;
        decoder->ended = 0;
    }
    ZSTD_inBuffer in = {input, *input_count, 0};
    ZSTD_outBuffer out = {output, *output_count, 0};
    size_t result = ZSTD_decompressStream(decoder->zstd, &out, &in);
    *input_count = in.pos;
    *output_count = out.pos;
    if (ZSTD_isError(result)) {
        int has_memory = ZSTD_getErrorCode(result) != ZSTD_error_memory_allocation;
        return has_memory ? CCOMPRESSION_DAMAGED : CCOMPRESSION_NO_MEMORY;
    }
    if (in.pos > 0 || out.pos > 0) decoder->ended = result == 0;
    return result == 0 ? CCOMPRESSION_END : CCOMPRESSION_OK;
}
