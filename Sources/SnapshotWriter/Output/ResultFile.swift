/// A file that a command writes beside snapshots, such as a report: as carefully as a snapshot, since it tells of the same heap.
/// It is readable by its owner alone, and appears under its name when it is whole.
public enum ResultFile {
    /// Looks whether it could be written, before there is work to lose.
    public static func check(_ path: String, overwrites: Bool) throws(OutputError) {
        _ = try SnapshotFile.examine(path: path, overwrites: overwrites, keepsPartial: false)
    }

    /// - Returns: the absolute path.
    /// - Throws: `appeared` where something has the name by now: whoever asked for it would take that for the result.
    public static func write(
        _ bytes: [UInt8], to path: String, overwrites: Bool
    ) throws(OutputError) -> String {
        let file = try SnapshotFile(path: path, overwrites: overwrites, keepsPartial: false, yields: false)
        let problem = bytes.withUnsafeBytes { data -> DumpFailure? in
            do throws(DumpFailure) {
                try file.write(data)
                return nil
            } catch {
                return error
            }
        }
        // The only way in which a write fails.
        if case .some(.output(let error)) = problem { throw error }
        return try file.publish().path ?? path
    }
}
