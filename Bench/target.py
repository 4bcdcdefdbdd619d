"""The Node processes that bench dumps."""

import os

from measuring import targets


class Target(targets.Target):
    """A Node process with a large heap, which dumps itself if it is asked to."""

    # The slowest Node, a large heap, a slow machine.
    answer_seconds = 1800

    def cpu_seconds(self):
        """CPU time of all its threads, V8's helpers included, in user space and in the kernel."""
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def target(node, program, *arguments):
    """A Target that ends with the block."""
    return targets.started(targets.node_command(node, program, *arguments), Target)
