"""The Node processes that bench dumps."""

from measuring import proc, targets


class Target(targets.Target):
    """A Node process with a large heap, which dumps itself if it is asked to."""

    # The slowest Node, a large heap, a slow machine.
    answer_seconds = 1800

    def cpu_seconds(self):
        """CPU time of all its threads, V8's helpers included, in user space and in the kernel."""
        return proc.stat(self.pid).cpu_seconds


def target(node, program, *arguments):
    """A Target that ends with the block."""
    return targets.started(targets.node_command(node, program, *arguments), Target)
