"""What `make bench` holds heapdump to. Every limit is a ratio to a reference that is measured in the same run."""

MB = 1000 * 1000

# An operator pays for a dump with the process's pause. V8's own writer is as fast as it gets; what checking and the way
# over the inspector add must stay within a tenth.
DUMP_OVER_WRITE_HEAP_SNAPSHOT = 1.10

# JSON.parse is how one would check a snapshot without heapdump, and it says less.
CHECK_OVER_JSON_PARSE = 1 / 4

# What a pass over the bytes can reach in one thread. Told, not judged: it depends on the machine alone.
CHECK_BYTES_PER_CPU_SECOND = 1000 * MB

# heapdump runs beside a process that needs several times its heap in extra memory: it must not add to that.
MEMORY_BASE_BYTES = 16 * MB
MEMORY_SHARE_OF_FILE = 0.05

# A tool for Node should not feel slower than Node.
START_OVER_NODE_START = 1.0

# Smaller ones measure how processes start.
HEAP_MB = 50
FILE_BYTES = 200 * MB

# What a forked copy is for: the application must not notice a dump. Below such heaps, what is measured is how long
# processors are given to somebody else.
GAP_OVER_WRITE_HEAP_SNAPSHOT = 1 / 50
GAP_HEAP_MB = 200

# For that long JavaScript stands still at most while the kernel copies the tables of the process's memory.
STALL_MS_PER_RESIDENT_MB = 0.13
# Told, not judged.
STALL_AIM_MS_PER_RESIDENT_MB = 0.05

# `heapdump stack`: a server that stands for so long misses no health check.
STOP_MS_FOR_100_FRAMES = 50

# A dump by ptrace: beyond the fork's own pause.
TRACED_STOP_MS = 30
WORST_TRACED_STOP_MS = 100

# DevTools is how one would analyse a snapshot without heapdump: from the file to classes with retained sizes.
SUMMARY_OVER_DEVTOOLS = 1 / 10
# The aim for the real heap too. Reached is a fifth (docs/benchmarks.md says where the time goes); the rest is room for noise.
# Bring it down with every step that makes the ratio smaller.
REAL_SUMMARY_OVER_DEVTOOLS = 1 / 4

# Who analyses a snapshot has room for the file, and may have little more. Of anonymous memory: pages of mapped files the
# kernel takes back.
ANALYSIS_MEMORY_SHARE_OF_FILE = 1.1

# Of the time for each MB: no heap, however odd, is to cost much more than another.
SHAPE_OVER_MIXED = 2.0

# Of twice the heap: what looks at one thing again for each other would take four times as long. What does not fit the
# processor's cache takes longer than its share, so it is not 2.
TWICE_OVER_ONCE = 2.6

# Both files are read and sized as for a summary; what comparing them adds must stay small beside that.
DIFF_OVER_SUMMARIES = 1.5


def gap_over_write_heap_snapshot(heap_mb):
    """None for a heap that is too small to be judged."""
    return GAP_OVER_WRITE_HEAP_SNAPSHOT if heap_mb >= GAP_HEAP_MB else None


def memory_allowance(file_bytes):
    """How many bytes of memory heapdump may take for a file of that size."""
    return MEMORY_BASE_BYTES + MEMORY_SHARE_OF_FILE * file_bytes
