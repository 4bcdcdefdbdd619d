"""Where things are in this repository: the build, the Node releases, the programs that are dumped."""

import os
import tempfile

# Not by way of the links in Bench and Stress.
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
BUILD = os.path.join(ROOT, ".build")
HEAPDUMP = os.path.join(BUILD, "release", "heapdump")
TARGETS = os.path.join(ROOT, "Tests", "Targets")
# Major versions of Node that are measured if no others are named.
NODES = ["18", "20", "22", "24", "26"]


def node_path(major):
    """The Node program of that major version, where Scripts/node-versions.sh puts it."""
    return os.path.join(BUILD, "node", major, "bin", "node")


def temporary_directory(name):
    """A temporary directory that is removed with the block.

    It is beside the build, so on a disk: /tmp may be memory."""
    return tempfile.TemporaryDirectory(prefix=f"{name}-", dir=BUILD)
