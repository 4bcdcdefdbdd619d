import Inspector
import NodeProcess

/// The command that makes V8 take a snapshot.
///
/// From V8 11.4 on, `takeHeapSnapshot` is put off until the event loop has time for it, for the sake of an empty stack: a
/// program that spins, or waits in Atomics.wait, never gets there. `stopTrackingHeapObjects` takes the same snapshot at
/// once, also where nothing was tracked; it costs one more garbage collection and would end an allocation timeline that
/// somebody records, so it is taken where the other would not do.
struct SnapshotOrder {
    let channel: any InspectorChannel
    let version: NodeVersion?
    let reportsProgress: Bool
    private let clock: any RunClock
    private var commands: Set<Int> = []
    /// When a command was sent that V8 may put off.
    private var deferrable: ContinuousClock.Instant?
    /// The question whose answer shows that V8 has put the command off.
    private var probe: Int?
    private var silentAnswers = 0

    /// Longer than an event loop that is free needs to come to a task.
    private static let deferral = Duration.seconds(2)

    init(
        channel: any InspectorChannel, version: NodeVersion?, reportsProgress: Bool, by clock: any RunClock
    ) {
        self.channel = channel
        self.clock = clock
        self.version = version
        self.reportsProgress = reportsProgress
    }

    /// - Parameter isIdle: whether the event loop was waiting just now.
    mutating func send(isIdle: Bool) {
        guard canBeDeferred else { return send("takeHeapSnapshot") }
        guard isIdle else { return send("stopTrackingHeapObjects") }
        deferrable = clock.now
        send("takeHeapSnapshot")
    }

    /// To be called now and then while nothing is heard of the snapshot. The event loop may have been free when the command
    /// was sent, and then not; or V8 is collecting garbage for the snapshot, which takes seconds for a large heap. Questions
    /// tell: V8 answers them while JavaScript runs, and not while it is at the snapshot.
    mutating func probeIfSilent() {
        guard let sent = deferrable, sent.duration(to: clock.now) > Self.deferral else { return }
        deferrable = nil
        probe = channel.send("Runtime.getHeapUsage")
    }

    /// To be called for every answer while nothing is heard of the snapshot.
    mutating func noteAnswer(_ id: Int) {
        guard id == probe else { return }
        probe = nil
        silentAnswers += 1
        if silentAnswers == 1 {
            // A process that stood still has found command and question together, and may be at the snapshot now: only
            // a question that is asked later, and answered, proves that it is not.
            deferrable = clock.now
        } else {
            // What was put off ends with the session.
            send("stopTrackingHeapObjects")
        }
    }

    /// Whether an answer to `id` says that the snapshot is complete.
    func contains(_ id: Int) -> Bool { commands.contains(id) }

    /// Node 20 has V8 11.3.
    private var canBeDeferred: Bool { (version?.major ?? 22) > 20 }

    private mutating func send(_ command: String) {
        let parameters = "{\"reportProgress\":\(reportsProgress)}"
        commands.insert(channel.send("HeapProfiler." + command, parameters: parameters))
    }
}
