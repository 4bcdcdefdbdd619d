import Glibc
import SystemPackage

/// The one place that reads `errno` and retries after EINTR.
func systemCall<Value: SignedInteger>(_ call: () -> Value) throws(Errno) -> Value {
    while true {
        let value = call()
        if value != -1 { return value }
        let code = errno
        if code != EINTR { throw Errno(rawValue: code) }
    }
}

/// `poll` on one descriptor; `nil` waits without end. Returns the events that came, none where the time ran out.
func poll(_ descriptor: Int32, for events: Int16, atMost timeout: Duration?) throws(Errno) -> Int16 {
    let clock = ContinuousClock()
    let deadline = timeout.map { clock.now + $0 }
    while true {
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        let milliseconds = deadline.map { clock.now.duration(to: $0).roundedUpMilliseconds } ?? -1
        // Not through systemCall: after EINTR the time already waited has to be taken off.
        let count = Glibc.poll(&entry, 1, milliseconds)
        if count > 0 { return entry.revents }
        if count == 0 { return 0 }
        let code = errno
        if code != EINTR { throw Errno(rawValue: code) }
    }
}

extension Duration {
    fileprivate var roundedUpMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 2_000_000 else { return .max }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
