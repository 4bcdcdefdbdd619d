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

    /// What it watches: the groups, each with the reserve below which the copy has to go.
    struct Reserve: Sendable {
        let group: MemoryGroup
        let bytes: UInt64
    }

    /// How much may be taken between two looks: a process that writes to all its memory copies 1 to 3 GB in a second.
    private static let period = Duration.milliseconds(1)
    /// The machine's memory is looked at less often: asking takes longer, and it is larger.
    private static let ticksPerLookAtHost = 50

    init(copy: ForkedChild, reserves: [Reserve], hostReserveBytes: UInt64) throws(DumpFailure) {
        do throws(Errno) {
            let state = State(
                copy: copy, reserves: reserves, hostReserve: hostReserveBytes, stop: try Event())
            self.state = state
            // The first look does not wait for a thread to begin.
            state.look()
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
        private let copy: ForkedChild
        private let hostReserve: UInt64
        private let stop: Event
        private let found = Mutex<Alarm?>(nil)
        private let gauges: [Gauge]

        init(copy: ForkedChild, reserves: [Reserve], hostReserve: UInt64, stop: Event) {
            self.copy = copy
            gauges = reserves.map { Gauge($0) }
            self.hostReserve = hostReserve
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
        func look(atHost looksAtHost: Bool = true) {
            guard let alarm = Self.first(of: gauges) ?? (looksAtHost ? hostAlarm() : nil) else { return }
            end(alarm)
        }

        /// A loop, not a lazy sequence: that one would ask the same gauge again, and memory may have come back meanwhile.
        private static func first(of gauges: [Gauge]) -> Alarm? {
            for gauge in gauges {
                if let alarm = gauge.alarm() { return alarm }
            }
            return nil
        }

        private func hostAlarm() -> Alarm? {
            guard let available = HostMemory.read().available, available < hostReserve else { return nil }
            return Alarm(name: "the machine", headroomBytes: available, reserveBytes: hostReserve)
        }

        private func end(_ alarm: Alarm) {
            found.withLock { $0 = alarm }
            copy.killAndFreeMemory()
        }
    }

    private struct Gauge: Sendable {
        private let gauge: MemoryGauge?
        private let reserve: Reserve

        init(_ reserve: Reserve) {
            gauge = MemoryGauge(reserve.group)
            self.reserve = reserve
        }

        func alarm() -> Alarm? {
            guard let headroom = gauge?.headroom(below: reserve.bytes) else { return nil }
            return Alarm(
                name: MemoryFacts.name(of: reserve.group), headroomBytes: headroom, reserveBytes: reserve.bytes)
        }
    }
}
