import CLinux
import Glibc
import Inspector
import Linux
import NodeProcess

/// What the guardian process does: it waits for heapdump's word or its end, and in the latter case closes the inspector
/// as soon as the target lets it.
public enum GuardianDuty {
    /// - Parameters:
    ///   - startTime: of the target, in clock ticks since boot: another process under its pid is none of our business.
    ///   - userID: the target's user.
    ///   - port: where SIGUSR1 makes the target open its inspector; nil where the kernel chooses.
    ///   - present: inodes of the listening sockets that the target had before SIGUSR1.
    public static func run(pid: Int32, startTime: UInt64, userID: UInt32, port: UInt16?, present: Set<UInt64>) {
        _ = clinux_set_name(name)
        OutOfMemoryOrder.goLast()
        guard let handle = try? ProcessHandle(pid: pid), handle.startTime == startTime,
            let program = try? ProgramIdentity.read(handle)
        else { return }
        let threads = WaitingThreads(of: handle)
        let orders = GuardianOrders(STDIN_FILENO)
        guard orders.confirm(), let duty = orders.awaitDuty() else { return }
        let clock = MachineClock()
        let target = HeldProcess(handle, program)
        let lock = Result { try watch(over: target, by: clock) }
        defer { withExtendedLifetime(lock) {} }
        // What another guardian watches for since before, it sees as well.
        if case .failure = lock, duty.isClosed { return }
        let loop = InspectorEventLoop()
        defer { loop.shutdown() }
        let finder = InspectorFinder(target: handle, runtime: .node, loop: loop, own: OwnConnections()) {
            try sleep(on: $0, target, atMost: $1, by: clock)
        }
        GuardianWatch(
            target: target, search: finder, port: port, present: present,
            lock: { self.lock(target, userID, by: clock) },
            secondOpening: { SecondOpening(of: handle, threads: threads) }, clock: clock
        ).run(duty)
    }

    private struct IsWatched: Error {}

    /// One guardian watches a process whose event loop never turns, however often it is dumped.
    /// - Throws: if another one does, and did a second ago: so it has not just seen that its work is done.
    private static func watch(over target: HeldProcess, by clock: any RunClock) throws -> DumpLock? {
        do {
            return try acquireWatch(over: target.handle)
        } catch {
            target.ends(within: .seconds(1), by: clock)
            return try acquireWatch(over: target.handle)
        }
    }

    private static func acquireWatch(over target: ProcessHandle) throws -> DumpLock? {
        // The target's user could keep us from watching by this name: only who may end us may.
        try DumpLock.acquire(on: target, userID: geteuid(), for: .guardian) { _, _ in throw IsWatched() }
    }

    /// Whether a process that holds a lock is a guardian.
    static func isGuardian(_ pid: Int32) -> Bool { ProcessSummary.name(of: pid) == name }

    /// Whoever ends heapdump by its name with SIGKILL leaves the port to the guardian: it goes by another.
    private static let name = "inspector-guard"

    private static func lock(_ target: HeldProcess, _ userID: UInt32, by clock: any RunClock) -> DumpLock? {
        var end: ContinuousClock.Instant?
        return try? DumpLock.acquire(on: target.handle, userID: userID) { connection, holder in
            end = end ?? clock.now + Turn.patienceWithUsers
            let left = holder.isForeign ? end.map { clock.now.duration(to: $0) } : nil
            if let left, left <= .zero { throw DumpLock.PassedOver() }
            // A target that has ended is noticed by whoever called.
            try? sleep(on: connection, target, atMost: left ?? .seconds(3600), by: clock)
        }
    }

    /// Until the descriptor is readable; throws where the target ends first.
    private static func sleep(
        on descriptor: Int32, _ target: some LiveProcess, atMost duration: Duration, by clock: any RunClock
    ) throws(ProcessError) {
        var entries = [Poll.Entry(descriptor), Poll.Entry(target.descriptor)]
        clock.wait(for: &entries, atMost: duration)
        if !entries[0].isReady, entries[1].isReady { throw .exited(pid: target.pid) }
    }
}
