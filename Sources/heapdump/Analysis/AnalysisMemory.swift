import Glibc
import NodeProcess

/// The memory that an analysis takes, and what there is.
struct AnalysisMemory {
    /// In bytes; nil where nothing limits it.
    let available: UInt64?
    /// What leaves so much.
    let bound: String

    /// Of this process: of the machine and of its control groups.
    static func read() -> AnalysisMemory {
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

    /// In bytes, at the peak: the columns of nodes and edges, and what the dominators' tree is computed with. Texts and the
    /// program itself come on top, by a share of the document.
    /// - Parameter documentBytes: 0 where it is not known.
    static func estimate(nodes: UInt64, edges: UInt64, documentBytes: UInt64) -> UInt64 {
        nodes * 50 + edges * 13 + documentBytes / 5 + 32 << 20
    }
}
