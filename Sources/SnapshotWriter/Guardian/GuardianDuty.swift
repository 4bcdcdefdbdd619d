import CLinux
import Glibc
import Inspector
import Linux
import NodeProcess
import SystemPackage

/// What the guardian process does: it waits for heapdump's word or its end, and in the latter case closes the inspector
/// as soon as the target lets it.
public enum GuardianDuty {
    /// A target may sit in native code for hours before it opens the inspector.
    private static let longestWatch = Duration.seconds(24 * 3600)
    /// How long the lock on the target is kept while it does not answer.
    private static let longestHold = Duration.seconds(300)

    /// - Parameters:
    ///   - startTime: of the target, in clock ticks since boot: another process under its pid is none of our business.
    ///   - userID: the target's user.
    ///   - port: where SIGUSR1 makes the target open its inspector; nil where the kernel chooses.
    ///   - present: inodes of the listening sockets that the target had before SIGUSR1.
    public static func run(pid: Int32, startTime: UInt64, userID: UInt32, port: UInt16?, present: Set<UInt64>) {
        _ = clinux_set_name(name)
        OutOfMemoryOrder.goLast()
        guard let target = try? ProcessHandle(pid: pid), target.startTime == startTime,
            let program = try? ProgramIdentity.read(target)
        else { return }
        let threads = WaitingThreads(of: target)
        var ready = InspectorGuardian.Message.ready.rawValue
        guard write(STDIN_FILENO, &ready, 1) == 1, let duty = awaitDuty() else { return }
        let lock = Result { try watch(over: target) }
        defer { withExtendedLifetime(lock) {} }
        // What another guardian watches for since before, it sees as well.
        if case .failure = lock, duty.isClosed { return }
        closeInspector(of: target, program, userID: userID, port: port, present: present, threads, duty)
    }

    private struct IsWatched: Error {}

    /// One guardian watches a process whose event loop never turns, however often it is dumped.
    /// - Throws: if another one does, and did a second ago: so it has not just seen that its work is done.
    private static func watch(over target: ProcessHandle) throws -> DumpLock? {
        do {
            return try acquireWatch(over: target)
        } catch {
            target.ends(within: .seconds(1))
            return try acquireWatch(over: target)
        }
    }

    private static func acquireWatch(over target: ProcessHandle) throws -> DumpLock? {
        // The target's user could keep us from watching by this name: only who may end us may.
        try DumpLock.acquire(on: target, userID: geteuid(), for: .guardian) { _, _ in throw IsWatched() }
    }

    /// What heapdump had told when it ended.
    private struct Duty {
        /// Of the inspector's listening socket; nil where heapdump ended before it had seen it.
        var inode: UInt64?
        /// Whether it has been open.
        var hasOpened = false
        /// Whether heapdump has closed it.
        var isClosed = false
        /// heapdump's connection to it; nil for none.
        var connection: Connection?
    }

    /// heapdump's connection to the inspector, which a thread reads from too: closed when both are done with it.
    private final class Connection: Sendable {
        let socket: Descriptor

        init(_ socket: consuming Descriptor) { self.socket = socket }
    }

    /// - Returns: nil where there is nothing to do: heapdump said that all is well, or ended before the signal.
    private static func awaitDuty() -> Duty? {
        var duty: Duty?
        var received: Descriptor?
        while let byte = readBytes(1, &received)?.first {
            switch InspectorGuardian.Message(rawValue: byte) {
            case .signalling: duty = Duty()
            case .opened:
                guard let bytes = readBytes(MemoryLayout<UInt64>.size, &received) else { return duty }
                duty?.inode = bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
                duty?.hasOpened = true
            case .connected:
                if let socket = received.take() { duty?.connection = Connection(socket) }
            // Another one may open, which nobody has seen yet.
            case .closed:
                duty?.inode = nil
                duty?.isClosed = true
            case .dismissed: return nil
            case .ready, nil: break
            }
        }
        return duty
    }

    /// - Parameter received: the last descriptor that came with the bytes.
    /// - Returns: nil at heapdump's end.
    private static func readBytes(_ count: Int, _ received: inout Descriptor?) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            var raw: Int32 = -1
            let result = bytes.withUnsafeMutableBytes { buffer in
                try? systemCall {
                    clinux_receive_with_descriptor(
                        STDIN_FILENO, buffer.baseAddress.map { $0 + filled }, count - filled, &raw)
                }
            }
            if raw >= 0 { received = Descriptor(owning: raw) }
            guard let result, result > 0 else { return nil }
            filled += result
        }
        return bytes
    }

    /// What the target still sends through heapdump's connection would pile up in it.
    private static func drain(_ connection: Connection) {
        // Without a thread it has to keep what fits into the socket.
        try? Thread.detach {
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
            defer { buffer.deallocate() }
            while true {
                Poll.wait(for: connection.socket.raw, atMost: nil)
                do throws(Errno) {
                    if try connection.socket.read(into: buffer) == 0 { return }
                } catch .resourceTemporarilyUnavailable {
                } catch {
                    return
                }
            }
        }
    }

    private static func closeInspector(
        of target: ProcessHandle, _ program: ProgramIdentity, userID: UInt32, port: UInt16?, present: Set<UInt64>,
        _ threads: WaitingThreads, _ told: Duty
    ) {
        if let connection = told.connection { drain(connection) }
        let loop = InspectorEventLoop()
        defer { loop.shutdown() }
        let finder = InspectorFinder(target: target, runtime: .node, loop: loop, own: OwnConnections()) {
            try sleep(on: $0, target, atMost: $1)
        }
        let end = ContinuousClock.now + longestWatch
        var duty = told
        var late = LateOpening(signalled: .now)
        var second = duty.hasOpened ? SecondOpening(of: target, threads: threads) : nil
        var strangers = NewSockets()
        var step = Duration.milliseconds(20)
        while target.isAlive, ContinuousClock.now < end {
            // After exec nothing is left of the inspector, nor of the signal.
            if let now = try? ProgramIdentity.read(target), now != program { return }
            // Before the sockets: what the last turn of the loop opened is among them.
            let isOver = isOver(&late, &second, target)
            if let sockets = try? ListeningSockets.owned(by: target) {
                let candidates = sockets.filter { isCandidate($0, duty, port, present) }
                // The close may have been carried out meanwhile: heapdump queues it where it can, and so does the guardian.
                if candidates.isEmpty, duty.inode != nil {
                    letGo(&duty)
                    second = SecondOpening(of: target, threads: threads)
                }
                // Lets another heapdump finish, which would take our questions for a stranger's, and which may be using the inspector.
                // The lock is held for as long as a request to close waits in the target: whoever dumps it meanwhile would lose the
                // inspector in the middle of that.
                let lock = candidates.isEmpty ? nil : lock(target, userID)
                defer { withExtendedLifetime(lock) {} }
                let held = ContinuousClock.now
                if let found = try? finder.find(among: candidates, likelyPort: port) {
                    duty.inode = found.socket.inode
                    duty.hasOpened = true
                    switch close(found, finder, target, port: port, until: min(end, held + longestHold)) {
                    // The signal opens it twice in a process that is busy: see `InspectorGuardian.announceClosed`.
                    case .closed:
                        letGo(&duty)
                        second = SecondOpening(of: target, threads: threads)
                    // Whatever the application has done to what closes it, it may undo.
                    case .failed: step = .seconds(60)
                    case .pending:
                        // Others get their turn with a process that does not answer.
                        if lock != nil, held.duration(to: .now) >= longestHold { step = .seconds(15) }
                    }
                } else if isHeldUp(target) {
                    strangers = NewSockets()
                } else if duty.inode == nil, isOver, strangers.areApplications(candidates, now: .now) {
                    return
                }
            }
            wait(for: step, target, duty.inode == nil ? second : nil)
            step = max(step, min(step * 2, .seconds(2)))
        }
    }

    /// A loop that is busy is idle for moments only: where its turns cannot be counted, these have to be met.
    private static func wait(for duration: Duration, _ target: ProcessHandle, _ second: SecondOpening?) {
        guard let second, second.isAskedFor else {
            target.ends(within: duration)
            return
        }
        let end = ContinuousClock.now + duration
        repeat { target.ends(within: .milliseconds(5)) } while target.isAlive && .now < end && !second.hasTurned
    }

    /// Listening sockets that have begun since the signal and do not answer as an inspector: the application's, in time.
    private struct NewSockets {
        private var since: [UInt64: ContinuousClock.Instant] = [:]
        /// The inspector is served by a thread of its own, which needs a moment to begin with it.
        private static let beginning = Duration.seconds(2)

        mutating func areApplications(_ sockets: [ListeningSocket], now: ContinuousClock.Instant) -> Bool {
            for socket in sockets where since[socket.inode] == nil { since[socket.inode] = now }
            return sockets.allSatisfy { since[$0.inode]?.duration(to: now) ?? .zero > Self.beginning }
        }
    }

    /// Of an inspector that is closed, and of heapdump's connection to it: Node's main thread stands still until that ends.
    private static func letGo(_ duty: inout Duty) {
        duty.inode = nil
        // Not close(2), for a thread reads from it: it notices the end, as the target does.
        if let connection = duty.connection { shutdown(connection.socket.raw, Int32(SHUT_RDWR)) }
        duty.connection = nil
    }

    /// Whether no inspector can open any more.
    private static func isOver(
        _ late: inout LateOpening, _ second: inout SecondOpening?, _ target: ProcessHandle
    ) -> Bool {
        let sight = { try LateOpening.Sight.of(target) { target.mayWaitForChild() } }
        if second != nil { return (try? second?.isOver(sight)) ?? false }
        return (try? late.isOver(now: .now, sight)) ?? false
    }

    /// Whether none of its threads can answer.
    private static func isHeldUp(_ target: ProcessHandle) -> Bool {
        (try? MainThreadActivity.read(target).isStopped) == true || (try? Freezer.isFrozen(target)) == true
    }

    /// Whether a process that holds a lock is a guardian.
    static func isGuardian(_ pid: Int32) -> Bool { ProcessSummary.name(of: pid) == name }

    /// Whoever ends heapdump by its name with SIGKILL leaves the port to the guardian: it goes by another.
    private static let name = "inspector-guard"

    private static func isCandidate(
        _ socket: ListeningSocket, _ duty: Duty, _ port: UInt16?, _ present: Set<UInt64>
    ) -> Bool {
        if let inode = duty.inode { return socket.inode == inode }
        // Nobody has seen it yet, and the application may open sockets of its own meanwhile.
        guard !present.contains(socket.inode) else { return false }
        return socket.mayBeInspector(on: port)
    }

    private static func lock(_ target: ProcessHandle, _ userID: UInt32) -> DumpLock? {
        var end: ContinuousClock.Instant?
        return try? DumpLock.acquire(on: target, userID: userID) { connection, holder in
            end = end ?? .now + Turn.patienceWithUsers
            let left = holder.isForeign ? end.map { ContinuousClock.now.duration(to: $0) } : nil
            if let left, left <= .zero { throw DumpLock.PassedOver() }
            // A target that has ended is noticed by whoever called.
            try? sleep(on: connection, target, atMost: left ?? .seconds(3600))
        }
    }

    private static func close(
        _ found: FoundInspector, _ finder: InspectorFinder, _ target: ProcessHandle, port: UInt16?,
        until end: ContinuousClock.Instant
    ) -> InspectorClosing.Outcome {
        guard let session = try? finder.openSession(with: found) else { return .pending }
        defer { session.close() }
        return InspectorClosing(session: session, inode: found.socket.inode, target: target, port: port)
            .run(within: ContinuousClock.now.duration(to: end))
    }

    /// Until the descriptor is readable; throws where the target ends first.
    private static func sleep(
        on descriptor: Int32, _ target: ProcessHandle, atMost duration: Duration = .seconds(3600)
    ) throws(ProcessError) {
        var entries = [Poll.Entry(descriptor), Poll.Entry(target.descriptor)]
        Poll.wait(for: &entries, atMost: duration)
        if !entries[0].isReady, entries[1].isReady { throw .exited(pid: target.pid) }
    }
}
