import CLinux
import Glibc
import Inspector
import NodeProcess

/// What the guardian process does: it waits for heapdump's word or its end, and in the latter case closes the inspector
/// as soon as the target lets it.
public enum GuardianDuty {
    /// A target may sit in native code for hours before it opens the inspector.
    private static let longestWatch = Duration.seconds(24 * 3600)

    /// - Parameters:
    ///   - startTime: of the target, in clock ticks since boot: another process under its pid is none of our business.
    ///   - userID: the target's user.
    ///   - present: inodes of the listening sockets that the target had before SIGUSR1.
    public static func run(pid: Int32, startTime: UInt64, userID: UInt32, present: Set<UInt64>) {
        // Whoever ends heapdump by its name with SIGKILL leaves the port to the guardian: it goes by another.
        _ = clinux_set_name("inspector-guard")
        guard let target = try? ProcessHandle(pid: pid), target.startTime == startTime else { return }
        var ready = InspectorGuardian.Message.ready.rawValue
        guard write(STDIN_FILENO, &ready, 1) == 1, isOnDuty() else { return }
        closeInspector(of: target, userID: userID, present: present)
    }

    /// Whether heapdump ended after it had announced the signal, without a word that all is well.
    private static func isOnDuty() -> Bool {
        var wasSignalled = false
        while true {
            var byte: UInt8 = 0
            let count = read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return wasSignalled }
            switch InspectorGuardian.Message(rawValue: byte) {
            case .signalling: wasSignalled = true
            case .dismissed: return false
            case .ready, nil: break
            }
        }
    }

    private static func closeInspector(of target: ProcessHandle, userID: UInt32, present: Set<UInt64>) {
        let loop = InspectorEventLoop()
        defer { loop.shutdown() }
        let finder = InspectorFinder(target: target, loop: loop)
        let end = ContinuousClock.now + longestWatch
        var step = Duration.milliseconds(20)
        func find() -> FoundInspector? {
            let sockets = (try? ListeningSockets.owned(by: target)) ?? []
            return finder.find(among: sockets.filter { !present.contains($0.inode) }, likelyPort: nil)
        }
        while target.isAlive, ContinuousClock.now < end {
            if let found = find(), closeUndisturbed(found, finder, target, userID) { return }
            pause(step, target)
            step = min(step * 2, .seconds(2))
        }
    }

    /// Lets another heapdump finish that found the inspector open and is using it.
    private static func closeUndisturbed(
        _ found: FoundInspector, _ finder: InspectorFinder, _ target: ProcessHandle, _ userID: UInt32
    ) -> Bool {
        let lock = TargetLock.acquire(on: target, userID: userID) { connection, _ in
            var descriptors = [
                pollfd(fd: connection, events: Int16(POLLIN), revents: 0),
                pollfd(fd: target.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&descriptors, 2, -1)
        }
        return withExtendedLifetime(lock) { requestClose(found, finder, target) }
    }

    /// - Returns: whether the inspector's socket is gone.
    private static func requestClose(_ found: FoundInspector, _ finder: InspectorFinder, _ target: ProcessHandle)
        -> Bool
    {
        guard let session = try? finder.openSession(with: found) else { return false }
        defer { session.close() }
        guard (try? session.evaluate(InspectorAccess.closeExpression)) != nil else { return false }
        while target.isAlive {
            guard let sockets = try? ListeningSockets.owned(by: target) else { return false }
            if !sockets.contains(where: { $0.inode == found.socket.inode }) { return true }
            // A connection that ended with the socket still there: the request may be lost, so it is made anew.
            do { while try session.next() != nil {} } catch { return false }
            pause(.milliseconds(100), target)
        }
        return true
    }

    /// Until the target ends, `duration` at most.
    private static func pause(_ duration: Duration, _ target: ProcessHandle) {
        var descriptors = [pollfd(fd: target.descriptor, events: Int16(POLLIN), revents: 0)]
        _ = poll(&descriptors, 1, Int32(duration.milliseconds))
    }
}
