"""What /proc tells of a process."""

import re


def field(path, name):
    """The number after a name; 0 where the process has ended."""
    try:
        with open(path, errors="replace") as file:
            found = re.search(rf"^{name}:\s+(\d+)", file.read(), re.MULTILINE)
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(found.group(1)) if found else 0
