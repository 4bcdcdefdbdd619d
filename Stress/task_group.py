"""A control group of our own that limits processes and threads, beside one that limits memory."""

import contextlib
import os

from memory_group import Unavailable, memory_group, new_group

OLD = "/sys/fs/cgroup/pids"


class TaskGroup:
    def __init__(self, path):
        self.path = path

    @property
    def usage(self):
        with open(os.path.join(self.path, "pids.current")) as file:
            return int(file.read())

    def limit(self, value):
        try:
            with open(os.path.join(self.path, "pids.max"), "w") as file:
                file.write(str(value))
        except OSError as error:
            raise Unavailable(f"{self.path} has no controller of tasks: {error}") from error

    def leave(self, tasks):
        self.limit(self.usage + tasks)

    def lift(self):
        self.limit("max")


@contextlib.contextmanager
def both_groups():
    """A group for memory and one for tasks, which are the same group in the second version."""
    with memory_group() as memory:
        if memory.is_old:
            with new_group(OLD) as path:
                yield memory, TaskGroup(path)
        else:
            yield memory, TaskGroup(memory.path)


def launcher(*groups):
    """Puts itself into the groups and becomes what follows it."""
    entering = " && ".join(f"echo $$ > '{group.path}/cgroup.procs'" for group in groups)
    return ["sh", "-c", f'{entering} && exec "$@"', "sh"]
