import HeapSnapshot
import NodeProcess

/// Where the snapshot of one dump goes: what each try writes into, what is published, and what is kept of one that failed.
struct Delivery {
    let output: any SnapshotOutput
    /// More bytes than any snapshot of the target has, as it is now.
    let impossibleBytes: () -> UInt64
    let context: RunContext

    func makeSink() -> SnapshotSink { SnapshotSink(output: output, limit: impossibleBytes) }

    /// Publishes what was written to the output, if it is valid.
    func publish(_ verdict: SnapshotVerdict) throws -> PublishedSnapshot {
        try publish(verdict) { try output.publish() }
    }

    /// The same if something else than the output's own publishing is to be done.
    func publish(_ verdict: SnapshotVerdict, by place: () throws -> PublishedSnapshot) throws -> PublishedSnapshot {
        context.note(.verdict(verdict))
        guard case .valid = verdict else { throw keepingPartial(DumpFailure.invalid(verdict, kept: nil)) }
        do {
            return try place()
        } catch {
            throw keepingPartial(error)
        }
    }

    /// Takes back what was written, for another try.
    /// - Returns: false if that cannot be.
    func restart() throws(OutputError) -> Bool {
        guard try output.restart() else { return false }
        context.waiter.bytes = 0
        return true
    }

    /// The failure as the user should see it, after what arrived has been kept if that was asked for.
    func keepingPartial(_ error: any Error) -> any Error {
        // The next method writes into the same file.
        if let failure = error as? DumpFailure, failure.allowsNextMethod { return error }
        let kept = keepPartial()
        switch error as? DumpFailure {
        case .invalid(let verdict, _): return DumpFailure.invalid(verdict, kept: kept)
        case .endless(let bytes, _): return DumpFailure.endless(bytes: bytes, kept: kept)
        default: return error
        }
    }

    /// Keeps what arrived if that was asked for.
    /// - Returns: its path; nil if nothing is kept.
    @discardableResult
    func keepPartial() -> String? {
        do {
            let kept = try output.keepPartial()
            if let kept { context.warn("what arrived is kept as \(TerminalText.escaped(kept))") }
            return kept
        } catch {
            context.warn("what arrived could not be kept: \(error.message)")
            return nil
        }
    }
}
