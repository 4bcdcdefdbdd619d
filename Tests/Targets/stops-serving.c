// A file system with one file, whose server stops to answer: stops-serving FILE DIRECTORY. It mounts the directory with FILE in it
// as `image`, says `ready {}`, and from the first byte on its standard input it answers nothing any more.
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROOT = 1, IMAGE = 2 };

static char request[1 << 20], answer[1 << 20];
static int fuse, image;
static struct stat status;

static void send_answer(uint64_t unique, int error, const void *data, size_t size) {
    struct fuse_out_header header = {.len = (uint32_t)(sizeof header + size), .error = -error, .unique = unique};
    memcpy(answer, &header, sizeof header);
    if (size > 0) memmove(answer + sizeof header, data, size);
    if (write(fuse, answer, header.len) < 0) perror("write");
}

static struct fuse_attr attributes(uint64_t node) {
    struct fuse_attr result = {.ino = node, .mode = S_IFDIR | 0755, .nlink = 1, .blksize = 4096};
    if (node == IMAGE) {
        result.mode = S_IFREG | 0755;
        result.size = (uint64_t)status.st_size;
    }
    return result;
}

static void serve(const struct fuse_in_header *header, const void *body) {
    if (header->opcode == FUSE_INIT) {
        const struct fuse_init_in *wanted = body;
        struct fuse_init_out out = {.major = 7, .minor = wanted->minor, .max_readahead = wanted->max_readahead, .max_write = 4096};
        send_answer(header->unique, 0, &out, sizeof out);
    } else if (header->opcode == FUSE_LOOKUP && header->nodeid == ROOT && !strcmp(body, "image")) {
        struct fuse_entry_out out = {.nodeid = IMAGE, .entry_valid = 1000, .attr_valid = 1000, .attr = attributes(IMAGE)};
        send_answer(header->unique, 0, &out, sizeof out);
    } else if (header->opcode == FUSE_LOOKUP) {
        send_answer(header->unique, ENOENT, 0, 0);
    } else if (header->opcode == FUSE_GETATTR) {
        struct fuse_attr_out out = {.attr_valid = 1000, .attr = attributes(header->nodeid)};
        send_answer(header->unique, 0, &out, sizeof out);
    } else if (header->opcode == FUSE_OPEN) {
        struct fuse_open_out out = {.open_flags = FOPEN_KEEP_CACHE};
        send_answer(header->unique, 0, &out, sizeof out);
    } else if (header->opcode == FUSE_READ) {
        const struct fuse_read_in *wanted = body;
        size_t most = wanted->size < sizeof answer / 2 ? wanted->size : sizeof answer / 2;
        ssize_t count = pread(image, answer + sizeof(struct fuse_out_header), most, (off_t)wanted->offset);
        send_answer(header->unique, count < 0 ? EIO : 0, answer + sizeof(struct fuse_out_header), count < 0 ? 0 : (size_t)count);
    } else if (header->opcode == FUSE_FLUSH || header->opcode == FUSE_RELEASE) {
        send_answer(header->unique, 0, 0, 0);
    } else if (header->opcode != FUSE_FORGET && header->opcode != FUSE_BATCH_FORGET && header->opcode != FUSE_INTERRUPT) {
        send_answer(header->unique, ENOSYS, 0, 0);
    }
}

int main(int count, char **arguments) {
    char options[128];
    if (count != 3 || (image = open(arguments[1], O_RDONLY)) < 0 || fstat(image, &status) != 0) return 1;
    if ((fuse = open("/dev/fuse", O_RDWR)) < 0) return 2;
    snprintf(options, sizeof options, "fd=%d,rootmode=40755,user_id=0,group_id=0,allow_other", fuse);
    if (mount("image", arguments[2], "fuse", MS_NODEV, options) != 0) return 3;
    printf("ready {}\n");
    fflush(stdout);
    for (;;) {
        struct pollfd events[] = {{.fd = fuse, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
        if (poll(events, 2, -1) < 0) return 4;
        if (events[1].revents) break;
        ssize_t length = read(fuse, request, sizeof request);
        if (length < (ssize_t)sizeof(struct fuse_in_header)) continue;
        serve((const struct fuse_in_header *)request, request + sizeof(struct fuse_in_header));
    }
    for (;;) pause();
}
