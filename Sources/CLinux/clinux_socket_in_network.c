#define _GNU_SOURCE

#include "clinux_socket_in_network.h"

#include <errno.h>
#include <linux/nsfs.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clinux_pass_descriptor.h"
#include "clinux_tcp_sockets.h"

struct request {
    int network, family;
    int socket, error;
};

static int make(int network, int family) {
    if (setns(network, CLONE_NEWNET) != 0) return -1;
    if (family == AF_NETLINK) return clinux_diag_socket();
    return socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static void *run(void *argument) {
    struct request *request = argument;
    request->socket = make(request->network, request->family);
    if (request->socket < 0) request->error = errno;
    return NULL;
}

// A thread of its own: one from a pool would keep the namespace for whoever it works for next.
int clinux_socket_in_network(int network, int family) {
    struct request request = {.network = network, .family = family, .socket = -1};
    pthread_t thread;
    int error = pthread_create(&thread, NULL, run, &request);
    if (error == 0) error = pthread_join(thread, NULL);
    if (error == 0) error = request.error;
    if (error == 0) return request.socket;
    errno = error;
    return -1;
}

// A process of its own: one that has several threads may not enter a user namespace.
static int make_elsewhere(int user, int network, int family) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    pid_t pid = fork();
    if (pid == 0) {
        // Nothing but system calls: another thread may hold any lock.
        int made = setns(user, CLONE_NEWUSER) == 0 ? make(network, family) : -1;
        if (made < 0) _exit(errno);
        _exit(clinux_send_descriptor(ends[1], 0, made) == 0 ? 0 : errno);
    }
    int error = pid < 0 ? errno : 0;
    close(ends[1]);
    int made = -1;
    if (error == 0) {
        unsigned char byte;
        while (clinux_receive_with_descriptor(ends[0], &byte, sizeof byte, &made) < 0 && errno == EINTR) {}
        int status = 0;
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
        error = WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
        if (error == 0 && made < 0) error = EIO;
    }
    close(ends[0]);
    if (error == 0) return made;
    errno = error;
    return -1;
}

int clinux_socket_in_network_of_owner(int network, int family) {
    int user = ioctl(network, NS_GET_USERNS);
    if (user < 0) return -1;
    int made = make_elsewhere(user, network, family);
    int error = errno;
    close(user);
    errno = error;
    return made;
}

int clinux_has_loopback(int socket) {
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strcpy(request.ifr_name, "lo");
    return ioctl(socket, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_UP) != 0;
}
