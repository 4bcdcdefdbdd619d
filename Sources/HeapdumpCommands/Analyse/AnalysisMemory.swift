import Glibc
import HeapSnapshot
import Linux
import NodeProcess

/// The memory that an analysis takes, and what there is.
struct AnalysisMemory {
    /// In bytes; nil where nothing limits it.
    let available: UInt64?
    /// What leaves so much.
    let bound: String

    var left: String { available.map { "\(Printable.bytes($0)) are there (\(bound))" } ?? "none is left" }

    /// Of this process: of the machine and of its control groups.
    /// - Parameter kept: what an earlier analysis left, which is nobody's and goes back first.
    static func read(besides kept: ColumnMemory = .shared) -> AnalysisMemory {
        kept.giveBack()
        return readAsItIs()
    }

    /// Of this process, with what an earlier analysis left in use.
    static func readAsItIs() -> AnalysisMemory {
        var available = HostMemory.read().available
        var bound = "the machine's MemAvailable"
        if let handle = try? ProcessHandle(pid: getpid()), let groups = try? MemoryGroups.read(handle) {
            for group in groups.groups {
                guard let headroom = group.headroom, headroom < available ?? .max else { continue }
                available = headroom
                bound = "control group \(TerminalText.escaped(group.directory))"
            }
        }
        return AnalysisMemory(available: available, bound: bound)
    }

    /// In bytes, at the peak: measured, with a tenth to spare. A heap with many concatenated strings takes more, which are put
    /// together to be compared.
    /// - Parameter documentBytes: nil where it is not known, as of a compressed file.
    static func estimate(nodes: UInt64, edges: UInt64, documentBytes: UInt64?) -> UInt64 {
        // What the rows of numbers do not take of the document is text.
        let rows = nodes * 20 + edges * 14
        let text = documentBytes.map { $0 > rows ? $0 - rows : 0 } ?? nodes * 16
        return nodes * 40 + edges * 10 + text * 11 / 10 + 4 << 20
    }

    /// In bytes, at the peak, beside what the columns take: by what was read, which the header need not have told.
    static func estimate(after columns: SnapshotColumns) -> UInt64 {
        let (nodes, edges) = (UInt64(columns.nodeCount), UInt64(columns.edgeCount))
        let rows = UInt64(columns.locations?.rows.count ?? 0)
        return nodes * 24 + edges * 2 + UInt64(columns.strings.count) * 20 + rows * 16
            + UInt64(columns.detachedness.count) * 48
    }
}
