import Glibc
import Testing

/// A pipe as heapdump opens those of a copy: neither end waits.
func makeNonBlockingPipe() throws -> (reader: Int32, writer: Int32) {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        try #require(fcntl(end, F_SETFL, O_NONBLOCK) == 0)
    }
    return (ends[0], ends[1])
}
