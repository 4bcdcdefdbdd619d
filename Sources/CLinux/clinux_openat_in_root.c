#define _GNU_SOURCE

#include "clinux_openat_in_root.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Before Linux 5.6: component by component, each without following a link, so that nothing that is renamed meanwhile leads out.
// MOST_LINKS is the limit of the kernel; a path of PATH_MAX bytes has at most MOST_DEPTH directories.
enum { MOST_LINKS = 40, MOST_DEPTH = PATH_MAX / 2 };

struct walk {
    // The directories from the root to where the walk has come.
    int directories[MOST_DEPTH];
    int depth;
    // What is still to be walked.
    char rest[2 * PATH_MAX];
    int links;
};

static int refuse(int error) {
    errno = error;
    return -1;
}

static void leave(struct walk *walk) { close(walk->directories[--walk->depth]); }

// Puts what the link says before the rest.
static int follow(struct walk *walk, int link) {
    char target[PATH_MAX];
    if (++walk->links > MOST_LINKS) return refuse(ELOOP);
    ssize_t length = readlinkat(link, "", target, sizeof target - 1);
    if (length < 0) return -1;
    if (length == 0) return refuse(ENOENT);
    size_t rest = strlen(walk->rest);
    if ((size_t)length + rest + 1 > sizeof walk->rest) return refuse(ENAMETOOLONG);
    // The rest is empty or begins with a slash.
    memmove(walk->rest + length, walk->rest, rest + 1);
    memcpy(walk->rest, target, (size_t)length);
    if (target[0] == '/') {
        while (walk->depth > 1) leave(walk);
    }
    return 0;
}

// Opens what the next component names; -1 and errno 0 where it led only into a directory or over a link.
static int step(struct walk *walk, int flags) {
    char *name = walk->rest + strspn(walk->rest, "/");
    size_t length = strcspn(name, "/");
    char component[NAME_MAX + 1];
    if (length > NAME_MAX) return refuse(ENAMETOOLONG);
    memcpy(component, name, length);
    component[length] = '\0';
    memmove(walk->rest, name + length, strlen(name + length) + 1);
    int is_last = walk->rest[strspn(walk->rest, "/")] == '\0';
    int wants_directory = walk->rest[0] == '/';
    int here = walk->directories[walk->depth - 1];
    if (!strcmp(component, "..") && walk->depth > 1) leave(walk);
    if (length == 0 || !strcmp(component, ".") || !strcmp(component, "..")) {
        if (!is_last) return refuse(0);
        return openat(walk->directories[walk->depth - 1], ".", flags);
    }
    int found = openat(here, component, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    if (found < 0) return -1;
    if (fstatat(found, "", &status, AT_EMPTY_PATH) != 0) {
        close(found);
        return -1;
    }
    if (S_ISLNK(status.st_mode) && !(is_last && !wants_directory && flags & O_NOFOLLOW)) {
        int result = follow(walk, found);
        close(found);
        return result == 0 ? refuse(0) : -1;
    }
    if (is_last) {
        if (flags & O_PATH && !wants_directory && !(flags & O_DIRECTORY)) return found;
        close(found);
        // Whoever put a link there meanwhile gets ELOOP.
        return openat(here, component, flags | O_NOFOLLOW | (wants_directory ? O_DIRECTORY : 0));
    }
    if (!S_ISDIR(status.st_mode) || walk->depth == MOST_DEPTH) {
        close(found);
        return refuse(S_ISDIR(status.st_mode) ? ENAMETOOLONG : ENOTDIR);
    }
    walk->directories[walk->depth++] = found;
    return refuse(0);
}

int clinux_walk_in_root(int dirfd, const char *path, int flags) {
    struct walk *walk = calloc(1, sizeof *walk);
    if (!walk) return refuse(ENOMEM);
    int found = -1, error = 0;
    if (strlen(path) >= PATH_MAX) error = ENAMETOOLONG;
    else if (*path == '\0') error = ENOENT;
    else if ((walk->directories[0] = openat(dirfd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0)
        error = errno;
    else {
        walk->depth = 1;
        strcpy(walk->rest, path);
        while (found < 0 && error == 0) {
            found = step(walk, flags);
            error = found < 0 ? errno : 0;
        }
    }
    while (walk->depth > 0) leave(walk);
    free(walk);
    return found >= 0 ? found : refuse(error);
}

int clinux_openat_in_root(int dirfd, const char *path, int flags) {
    struct open_how how = {
        .flags = (unsigned int)flags,
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
    };
    int found = (int)syscall(SYS_openat2, dirfd, path, &how, sizeof how);
    if (found >= 0 || (errno != ENOSYS && errno != EPERM)) return found;
    return clinux_walk_in_root(dirfd, path, flags);
}
