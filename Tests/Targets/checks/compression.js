'use strict';
// What was compressed comes back.
const { pipeline, Readable, Writable } = require('stream');
const zlib = require('zlib');
const { burst, content, differsInBytes, judged, repeat } = require('../support/checks');

const any = (most) => content(Math.floor(Math.random() * 1e9), Math.floor(Math.random() * most));

const thereAndBack = (forth, back, most) => (over) => {
  const bytes = any(most);
  forth(bytes, (failure, small) => {
    if (failure) return over(failure.message);
    return back(small, judged(over, (got) => differsInBytes('content', got, bytes)));
  });
};
repeat('zlib.gzip', 3, thereAndBack(zlib.gzip, zlib.gunzip, 100_000));
repeat('zlib.deflateRaw', 2, thereAndBack(zlib.deflateRaw, zlib.inflateRaw, 100_000));
const quick = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } };
repeat('zlib.brotliCompress', 2, thereAndBack((bytes, done) => zlib.brotliCompress(bytes, quick, done), zlib.brotliDecompress, 100_000));

const atOnce = (forth, back) => () => {
  const bytes = any(5_000);
  return differsInBytes('content', back(forth(bytes)), bytes);
};
burst('zlib.gzipSync', atOnce(zlib.gzipSync, zlib.gunzipSync));
burst('zlib.deflateSync', atOnce(zlib.deflateSync, zlib.inflateSync));
burst('zlib.brotliCompressSync', atOnce((bytes) => zlib.brotliCompressSync(bytes, quick), zlib.brotliDecompressSync));

// In many small pieces.
repeat('streams', 2, (over) => {
  const bytes = any(50_000);
  const pieces = [];
  for (let start = 0; start < bytes.length; start += 4_000) pieces.push(bytes.subarray(start, start + 4_000));
  const got = [];
  const keep = new Writable({ write: (chunk, _, next) => next(void got.push(chunk)) });
  const end = judged(over, () => differsInBytes('content', Buffer.concat(got), bytes));
  pipeline(Readable.from(pieces), zlib.createGzip({ level: 1 }), zlib.createGunzip(), keep, end);
});
