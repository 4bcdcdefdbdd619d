import Inspector
import NodeProcess

/// The command that makes V8 take a snapshot.
///
/// From V8 11.4 on, `takeHeapSnapshot` is put off until the event loop has time for it, for the sake of an empty stack: a
/// program that spins, or waits in Atomics.wait, never gets there. `stopTrackingHeapObjects` takes the same snapshot at
/// once, also where nothing was tracked; it costs one more garbage collection and would end an allocation timeline that
/// somebody records, so it is taken where the other would not do.
struct SnapshotOrder {
    let session: InspectorSession
    let version: NodeVersion?
    private var commands: Set<Int> = []
    /// When a command was sent that V8 may put off.
    private var deferrable: ContinuousClock.Instant?

    /// Longer than an event loop that is free needs to come to a task.
    private static let deferral = Duration.seconds(2)

    init(session: InspectorSession, version: NodeVersion?) {
        self.session = session
        self.version = version
    }

    /// - Parameter isIdle: whether the event loop was waiting just now.
    mutating func send(isIdle: Bool) {
        guard canBeDeferred else { return send("takeHeapSnapshot") }
        guard isIdle else { return send("stopTrackingHeapObjects") }
        deferrable = .now
        send("takeHeapSnapshot")
    }

    /// For an event loop that was free when the command was sent, and then was not. The command that was put off ends
    /// with the session.
    mutating func sendAgainIfDeferred() {
        guard let sent = deferrable, sent.duration(to: .now) > Self.deferral else { return }
        deferrable = nil
        send("stopTrackingHeapObjects")
    }

    /// Whether an answer to `id` says that the snapshot is complete.
    func contains(_ id: Int) -> Bool { commands.contains(id) }

    /// Node 20 has V8 11.3.
    private var canBeDeferred: Bool { (version?.major ?? 22) > 20 }

    private mutating func send(_ command: String) {
        commands.insert(session.send("HeapProfiler." + command, parameters: #"{"reportProgress":true}"#))
    }
}
