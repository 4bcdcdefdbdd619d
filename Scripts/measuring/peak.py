"""The most memory that a process has while a block runs, of kinds of which the kernel keeps no peak."""

import threading

from measuring.proc import anonymous_bytes, children, proportional_bytes

# A look takes 30 µs. What comes and goes within 5 ms is less than what a fast machine can fill in that time.
ANONYMOUS_SAMPLE_SECONDS = 0.005
# Reading how much memory is shared takes milliseconds for each GB.
SHARED_SAMPLE_SECONDS = 0.1


class Peak:
    """The largest number that `read` returns while the block runs. A thread calls it again and again: a short peak may be
    missed."""

    def __init__(self, read, sample_seconds):
        self.read = read
        self.sample_seconds = sample_seconds
        self.bytes = 0
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.sample)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.thread.join()

    def sample(self):
        while True:
            self.bytes = max(self.bytes, self.read())
            if self.is_over.wait(self.sample_seconds):
                return


def anonymous_peak(pid):
    """Of anonymous memory. Mapped files are left out: the kernel takes their pages back whenever it needs them."""
    return Peak(lambda: anonymous_bytes(pid), ANONYMOUS_SAMPLE_SECONDS)


def peak_with_children(pid):
    """Of a process and its children together. What they share is counted once."""
    return Peak(lambda: sum(map(proportional_bytes, [pid, *(child.pid for child in children(pid))])), SHARED_SAMPLE_SECONDS)
