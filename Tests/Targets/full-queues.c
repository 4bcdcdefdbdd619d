// Listens on twenty ports, accepts nothing, and has filled all queues: who connects waits. A thread of its own sleeps over them, as
// Node's does over its inspector. Says `ready`, and ends with its standard input.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORTS = 20, CONNECTIONS = 4 };

static void ignore(int number) { (void)number; }

static void wait_for(int instance, int ends_with_input) {
    struct epoll_event event;
    while (epoll_wait(instance, &event, 1, -1) < 1 || !ends_with_input || event.data.fd != 0) {}
}

static void *sleep_over(void *instance) {
    wait_for(*(int *)instance, 0);
    return 0;
}

static void fill(const struct sockaddr_in *address) {
    for (int count = 0; count < CONNECTIONS; count++) {
        int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(client, (const struct sockaddr *)address, sizeof *address);
    }
}

int main(void) {
    struct sigaction action = {.sa_handler = ignore, .sa_flags = SA_RESTART};
    int main_instance = epoll_create1(0), instance = epoll_create1(0);
    pthread_t thread;
    sigaction(SIGUSR1, &action, 0);
    for (int port = 0; port < PORTS; port++) {
        int server = socket(AF_INET, SOCK_STREAM, 0);
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        socklen_t length = sizeof address;
        if (bind(server, (struct sockaddr *)&address, length) != 0 || listen(server, 0) != 0) return 1;
        getsockname(server, (struct sockaddr *)&address, &length);
        struct epoll_event event = {.events = EPOLLIN | EPOLLET};
        epoll_ctl(instance, EPOLL_CTL_ADD, server, &event);
        fill(&address);
    }
    struct epoll_event event = {.events = EPOLLIN, .data.fd = 0};
    if (epoll_ctl(main_instance, EPOLL_CTL_ADD, 0, &event) != 0) return 2;
    if (pthread_create(&thread, 0, sleep_over, &instance) != 0) return 3;
    (void)!write(1, "ready\n", 6);
    wait_for(main_instance, 1);
    return 0;
}
