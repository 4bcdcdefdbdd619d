import CLinux
import Glibc
import HeapSnapshot
import Linux
import NodeProcess

/// Reads a file while the target writes it, from its first byte until it is closed, and checks what it reads.
struct SnapshotFollower {
    let file: TargetSnapshot
    let target: any LiveProcess
    /// More than any snapshot of the target has, as it is now.
    let impossibleBytes: () -> UInt64
    let patience: Patience
    let context: RunContext

    private var waiter: Waiter { context.waiter }

    private static let bufferBytes = 256 << 10
    /// How long to sleep at most before the target is looked at again.
    private static let step = Duration.milliseconds(100)

    /// - Returns: the verdict on the file as the target closed it.
    func run() throws -> SnapshotVerdict {
        let notifier = FileNotifier([file.descriptor], CLINUX_IN_MODIFY | CLINUX_IN_CLOSE_WRITE)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferBytes, alignment: 16)
        defer { buffer.deallocate() }
        var validator = SnapshotValidator()
        var stall = patience.begin()
        var lastLook = context.now
        var most = impossibleBytes()
        do {
            while true {
                // In this order: what was written before it was closed is read after that was seen.
                let isLast = try !file.isBeingWritten()
                try read(into: &validator, buffer)
                if let verdict = validator.verdictSoFar { throw DumpFailure.invalid(verdict, kept: nil) }
                if isLast { break }
                // Each piece that is written wakes us; to look at the target so often would take CPU time away from it.
                if lastLook.duration(to: context.now) >= Self.step {
                    lastLook = context.now
                    try target.checkProgram(waiter)
                    try check(&stall)
                    // A hostile one could write without end what looks valid.
                    if waiter.bytes > most {
                        most = max(most, impossibleBytes())
                        if waiter.bytes > most { throw DumpFailure.endless(bytes: most, kept: nil) }
                    }
                }
                try sleep(notifier)
            }
        } catch {
            guard case .targetDied = DumpFailure(error).asDeath(in: waiter) else { throw error }
            // It may have written all of it.
            try read(into: &validator, buffer)
        }
        return try end(validator)
    }

    private func end(_ validator: consuming SnapshotValidator) throws -> SnapshotVerdict {
        let verdict = validator.finish()
        if case .valid = verdict {
            validator.notes.forEach(context.warn)
            return verdict
        }
        // A file that ends too early is most often the target's end.
        if target.ends(within: .seconds(1), by: context.clock) {
            throw DumpFailure.targetDied(waiter.phase, bytes: waiter.bytes)
        }
        return verdict
    }

    private func read(into validator: inout SnapshotValidator, _ buffer: UnsafeMutableRawBufferPointer) throws {
        while true {
            let count = try file.read { Glibc.read($0, buffer.baseAddress, buffer.count) }
            if count == 0 { return }
            if waiter.phase == .building { context.enter(.writing) }
            validator.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            waiter.bytes += UInt64(count)
            context.observe(
                .progress(DumpProgress(bytes: waiter.bytes, fraction: validator.progress.fractionComplete)))
            if validator.verdictSoFar != nil { return }
            try waiter.checkInterruption()
        }
    }

    private func check(_ stall: inout StallCheck) throws {
        let activity = try? target.activity()
        // The add-on's fork does the work while the main thread may be idle for as long as that takes.
        let forks = try target.timeOfForks()
        let sign = StallWatch.Sign(
            bytes: waiter.bytes, cpuTime: (activity?.cpuTime ?? .zero) + (forks ?? .zero),
            isIdle: forks == nil && activity?.isIdle == true)
        try stall.check(sign, activity)
    }

    private func sleep(_ notifier: FileNotifier?) throws {
        guard let notifier else {
            _ = try waiter.wait(atMost: Self.step)
            return
        }
        if try waiter.wait(for: notifier.descriptor, atMost: Self.step) { notifier.drain() }
        context.observe(.progress(DumpProgress(bytes: waiter.bytes)))
    }
}

extension DumpFailure {
    /// That the process has ended is noticed by whoever looks at it first.
    fileprivate func asDeath(in waiter: Waiter) -> DumpFailure {
        if case .process(.exited) = self { return .targetDied(waiter.phase, bytes: waiter.bytes) }
        return self
    }
}
