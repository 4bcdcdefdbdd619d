import NodeProcess
import SnapshotWriter

/// All that `list` shows.
struct ProcessListing {
    let processes: [ListedProcess]
    /// Sentences about what it cannot show.
    let notes: [String]

    /// - Parameter user: whose processes; nil for all.
    static func read(of user: UInt32?, withThreads: Bool) throws -> ProcessListing {
        let search = try NodeProcessSearch(of: user) { target in ListedProcess(target, withThreads: withThreads) }
        let refused = search.refused.compactMap { ListedProcess($0, withThreads: withThreads) }
        let slow = search.slow.map { ListedProcess($0) }
        let hidden = search.refused.filter { $0.visible == nil }.count
        var notes: [String] = []
        if search.found.isEmpty, refused.isEmpty, slow.isEmpty { notes.append("no Node process was found") }
        if !refused.isEmpty {
            let what = refused.count == 1 ? "1 process" : "\(refused.count) processes"
            notes.append(
                "\(what) could not be looked at, and may be Node by \(refused.count == 1 ? "its name" : "their names"); "
                    + "run with sudo to see more")
        }
        if hidden > 0 {
            let what = hidden == 1 ? "1 process shows" : "\(hidden) processes show"
            notes.append("\(what) nothing of what they are (/proc is mounted with hidepid); run with sudo to see more")
        }
        notes += [SlowProcess.note(search.slow)].compactMap { $0 }
        return ProcessListing(processes: (search.found + refused + slow).sorted { $0.pid < $1.pid }, notes: notes)
    }
}
