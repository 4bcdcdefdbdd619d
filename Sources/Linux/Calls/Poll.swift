import Glibc

/// Sleeping until descriptors are ready. All of heapdump sleeps here.
public enum Poll {
    public enum Readiness: Sendable {
        case toRead
        case toWrite
    }

    /// What to wait for.
    public struct Entry: Sendable {
        fileprivate let descriptor: Int32
        fileprivate let readiness: Readiness
        /// Also where the other side is gone: reading or writing tells.
        public fileprivate(set) var isReady = false

        /// - Parameter descriptor: nil for nothing, which is never ready.
        public init(_ descriptor: Int32?, _ readiness: Readiness = .toRead) {
            self.descriptor = descriptor ?? -1
            self.readiness = readiness
        }
    }

    /// Sleeps until one of them is ready or the time has passed.
    /// - Parameter duration: nil waits without end.
    public static func wait(for entries: inout [Entry], atMost duration: Duration?) {
        var descriptors = entries.map { pollfd($0.descriptor, $0.readiness) }
        descriptors.withUnsafeMutableBufferPointer { wait($0, atMost: duration) }
        for (index, descriptor) in descriptors.enumerated() { entries[index].isReady = descriptor.revents != 0 }
    }

    /// The same of one. Asked before each small write: hence no list is made.
    /// - Returns: whether it is ready.
    @discardableResult
    public static func wait(
        for descriptor: Int32, _ readiness: Readiness = .toRead, atMost duration: Duration?
    ) -> Bool {
        var one = pollfd(descriptor, readiness)
        withUnsafeMutablePointer(to: &one) { wait(UnsafeMutableBufferPointer(start: $0, count: 1), atMost: duration) }
        return one.revents != 0
    }

    private static func wait(_ descriptors: UnsafeMutableBufferPointer<pollfd>, atMost duration: Duration?) {
        let end = duration.map { ContinuousClock.now + $0 }
        while true {
            let left = end.map { ContinuousClock.now.duration(to: $0).wholeMilliseconds } ?? -1
            // Not through systemCall: after EINTR the time that has passed is to be taken off.
            if poll(descriptors.baseAddress, nfds_t(descriptors.count), left) >= 0 || errno != EINTR { return }
        }
    }

    /// Does not sleep.
    public static func isReady(_ descriptor: Int32, _ readiness: Readiness) -> Bool {
        wait(for: descriptor, readiness, atMost: .zero)
    }

    /// For what no descriptor tells of.
    public static func sleep(_ duration: Duration) {
        var none: [Entry] = []
        wait(for: &none, atMost: duration)
    }
}

extension pollfd {
    /// A negative descriptor is skipped.
    fileprivate init(_ descriptor: Int32, _ readiness: Poll.Readiness) {
        self.init(fd: descriptor, events: Int16(readiness == .toRead ? POLLIN : POLLOUT), revents: 0)
    }
}

extension Duration {
    /// Rounded up, so that a wait never spins; none where it is over.
    fileprivate var wholeMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 2_000_000 else { return .max }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
