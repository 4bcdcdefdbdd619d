import Glibc
import Linux
import NodeProcess
import Synchronization
import SystemPackage

/// Ends a forked copy before the target's control groups, or the machine, run out of memory: the kernel would choose whom
/// to kill by itself.
///
/// It looks from a thread of its own, since the one that reads the snapshot may be waiting for a disk.
final class MemoryWatch {
    private let state: State
    private let thread: Thread

    /// Why it has ended the copy.
    struct Alarm: Sendable {
        /// What ran short, as a clause's subject.
        let name: String
        let headroomBytes: UInt64
        let reserveBytes: UInt64

        /// A clause.
        var reason: String {
            "its forked copy was ended, since \(name) had only \(ByteText.text(headroomBytes)) left, and "
                + "\(ByteText.text(reserveBytes)) are kept free for the process; try when it is less busy, or give it more memory"
        }
    }

    /// What may run short, and how much of it is kept free for the process.
    struct Gauge: Sendable {
        let name: String
        let reserveBytes: UInt64
        /// What is left where that is less than so many bytes; nil where it is more.
        let headroom: @Sendable (UInt64) -> UInt64?

        fileprivate func alarm() -> Alarm? {
            headroom(reserveBytes).map { Alarm(name: name, headroomBytes: $0, reserveBytes: reserveBytes) }
        }
    }

    /// How much may be taken between two looks: a process that writes to all its memory copies 1 to 3 GB in a second.
    private static let period = Duration.milliseconds(1)
    /// The machine's memory is looked at less often: asking takes longer, and it is larger.
    static let ticksPerLookAtHost = 50

    /// - Parameters:
    ///   - groups: looked at each time.
    ///   - host: the machine.
    ///   - end: ends the copy, and has its memory free when it returns. Called once at most.
    init(groups: [Gauge], host: Gauge, end: @escaping @Sendable () -> Void) throws(DumpFailure) {
        do throws(Errno) {
            let state = State(groups: groups, host: host, end: end, stop: try Event())
            self.state = state
            // The first look does not wait for a thread to begin.
            state.look(atHost: true)
            // It has to run when the machine is busy, and uses next to nothing.
            thread = try Thread(isUrgent: true) { state.run() }
        } catch {
            throw .cannotStart("cannot watch the copy's memory: \(error)")
        }
    }

    deinit { state.wake() }

    /// To be called once the copy is gone.
    /// - Returns: why it was ended; nil where it was not by this watch.
    func stop() -> Alarm? {
        state.wake()
        thread.join()
        return state.alarm
    }

    private final class State: Sendable {
        private let groups: [Gauge]
        private let host: Gauge
        private let end: @Sendable () -> Void
        private let stop: Event
        private let found = Mutex<Alarm?>(nil)

        init(groups: [Gauge], host: Gauge, end: @escaping @Sendable () -> Void, stop: Event) {
            self.groups = groups
            self.host = host
            self.end = end
            self.stop = stop
        }

        var alarm: Alarm? { found.withLock { $0 } }

        func wake() { stop.signal() }

        func run() {
            var ticks = 0
            while alarm == nil {
                look(atHost: ticks % MemoryWatch.ticksPerLookAtHost == 0)
                ticks += 1
                if Poll.wait(for: stop.descriptor, atMost: MemoryWatch.period) { return }
            }
        }

        /// Ends the copy where something runs short.
        func look(atHost looksAtHost: Bool) {
            guard let alarm = first(of: groups) ?? (looksAtHost ? host.alarm() : nil) else { return }
            found.withLock { $0 = alarm }
            end()
        }

        /// A loop, not a lazy sequence: that one would ask the same gauge again, and memory may have come back meanwhile.
        private func first(of gauges: [Gauge]) -> Alarm? {
            for gauge in gauges {
                if let alarm = gauge.alarm() { return alarm }
            }
            return nil
        }
    }
}

extension MemoryWatch.Gauge {
    /// Never short where the group has no limit, or is gone.
    init(_ group: MemoryGroup, reserveBytes: UInt64) {
        let gauge = MemoryGauge(group)
        self.init(name: MemoryFacts.name(of: group), reserveBytes: reserveBytes) { gauge?.headroom(below: $0) }
    }

    /// What the machine has available.
    static func host(reserveBytes: UInt64) -> MemoryWatch.Gauge {
        MemoryWatch.Gauge(name: "the machine", reserveBytes: reserveBytes) { reserve in
            guard let available = HostMemory.read().available, available < reserve else { return nil }
            return available
        }
    }
}
