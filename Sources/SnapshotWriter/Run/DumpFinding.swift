import HeapSnapshot
import NodeProcess

/// What a dump finds out for the report, when it does. `DumpJournal` alone makes the report of it.
enum DumpFinding {
    /// What is known of the memory before.
    case memory(MemoryReport)
    /// The same by what V8 says of its heap.
    case heap(MemoryVerdict, HeapSizes)
    /// The signal that was sent to have the target dump.
    case signalled(DumpSignal)
    /// As the inspector tells it.
    case runtimeVersion(NodeVersion)
    /// Worker threads that are there.
    case workers([Int])
    /// How long JavaScript stood still for a fork, in milliseconds; nil where the process does not say.
    case forked(pauseMilliseconds: Double?)
    /// How long ptrace kept the thread from running at a look, in milliseconds.
    case stopped(Double)
    /// A copy's resident set at most, in bytes.
    case copyPeak(UInt64)
    /// The most that was charged to the copies' control group, in bytes; nil where nobody can tell.
    case groupPeak(UInt64?)
    /// An inspector that this run opened is closed, and may open once more: nil where it cannot.
    case inspectorClosed(after: Duration, InspectorAccess.Watched?)
    case inspectorLeftOpen(InspectorAccess.StillOpen)
    /// Who else connected to it.
    case strangers([Stranger])
    /// On what was written.
    case verdict(SnapshotVerdict)
}
