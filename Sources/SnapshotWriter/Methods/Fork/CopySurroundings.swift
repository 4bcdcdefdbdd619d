import Linux
import NodeProcess

/// Where forked copies of one dump take their memory: in a control group of heapdump's own, where one may be made, and in any
/// case watched.
final class CopySurroundings {
    /// The plan's, or what has become of it.
    let memory: MemoryPlan
    private let request: SnapshotRequest
    private let target: TargetProcess
    private let context: RunContext
    private var group: DumpGroup?

    /// Least of what the machine keeps free, in bytes.
    private static let hostReserve: UInt64 = 64 << 20
    /// Least of what a control group keeps free that a copy shares with the process.
    private static let sharedReserve: UInt64 = 16 << 20

    /// - Parameter output: where the snapshot goes.
    init(
        _ plan: MemoryPlan, _ request: SnapshotRequest, _ target: TargetProcess, to output: any SnapshotOutput,
        _ context: RunContext
    ) throws {
        self.request = request
        self.target = target
        self.context = context
        guard plan.isApart else {
            memory = plan
            return
        }
        do {
            let group = try DumpGroup.make(apartFrom: target.handle)
            try group?.limit(to: request.copyMemoryLimit ?? plan.copyLimit)
            self.group = group
            memory = plan
        } catch {
            context.observe(.detail("no control group for the copy: \(error.message)"))
            memory = try Self.without(request, target, output, error)
        }
    }

    /// The plan where the copy has to stay with the process.
    private static func without(
        _ request: SnapshotRequest, _ target: TargetProcess, _ output: any SnapshotOutput, _ error: ProcessError
    ) throws -> MemoryPlan {
        if request.copyMemoryLimit != nil {
            throw DumpFailure.memoryTooTight("--dump-memory-max cannot be kept: \(error.message)")
        }
        var facts = try TargetFacts(memoryOf: target)
        facts.memory.dumpGroups = nil
        facts.outputRoom = output.room
        do throws(Refusal) {
            return try .make(request, facts, isFork: true, canAsk: true)
        } catch let refusal {
            throw DumpFailure.memoryTooTight("\(error.message); \(refusal.reason)")
        }
    }

    /// Has a copy that has not begun yet take its memory here: at once, since the process changes its pages already.
    /// - Returns: what ends it where memory gets short; to be stopped once it is gone.
    func take(in copy: ForkedChild) throws -> MemoryWatch {
        // It watches before the copy leaves the process's group: as long as it is in there, the kernel takes the copy where the group
        // is full, and afterwards the process.
        let watch = try MemoryWatch(groups: gauges(), host: .host(reserveBytes: Self.hostReserve)) {
            copy.killAndFreeMemory()
        }
        if let group {
            do {
                try group.add(copy.handle)
            } catch .exited {
                throw DumpFailure.forkStarved(
                    watch.stop()?.reason
                        ?? "its forked copy was ended before it began, by the kernel for lack of memory most likely")
            } catch {
                // It has taken nothing yet, and must not where the process is.
                copy.killAndFreeMemory()
                throw DumpFailure.forkFailed("its forked copy cannot be put into a control group: \(error.message)")
            }
        }
        return watch
    }

    /// Why the kernel has ended a copy, if it has come to the end of what it may have here, as a clause.
    var whyTooLarge: String? {
        guard let group, group.hasKilled else { return nil }
        let limit = ByteText.text(request.copyMemoryLimit ?? memory.copyLimit)
        return request.copyMemoryLimit == nil
            ? "its forked copy needed more than twice what was estimated, \(limit): --dump-memory-max allows it more"
            : "its forked copy needed more than --dump-memory-max allows, \(limit): allow more"
    }

    private func gauges() throws(ProcessError) -> [MemoryWatch.Gauge] {
        // No more is read than is needed: the copy is there, and not watched yet.
        let estimate = DumpEstimate(
            heap: nil, anonymousBytes: target.currentAnonymousBytes(), version: target.executable.version)
        return try MemoryGroups.read(target.handle).groups.compactMap { group in
            guard let limit = group.lowestLimit, let headroom = group.headroom else { return nil }
            var reserve = reserve(limit, estimate, group)
            // Who has forced it wants to see how far it gets.
            if request.forcesMemory { reserve = min(reserve, headroom / 2) }
            return MemoryWatch.Gauge(group, reserveBytes: reserve)
        }
    }

    private func reserve(_ limit: UInt64, _ estimate: DumpEstimate, _ group: MemoryGroup) -> UInt64 {
        if self.group != nil { return estimate.copyOnWriteReserve / 4 * 3 }
        // Where the kernel kills all of the group at once, it must not come to that at all.
        return max(Self.sharedReserve, limit / (group.killsAllTogether ? 8 : 32))
    }

    /// Notes what the copies have taken, and removes the control group.
    func end() {
        guard let group else { return }
        context.note(.groupPeak(group.peakBytes))
        if !group.remove() {
            context.warn(
                "the control group \(TerminalText.escaped(group.path)) of the copy could not be removed: something is still in it"
            )
        }
    }
}
