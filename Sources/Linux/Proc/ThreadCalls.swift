/// How many calls a thread has made to read and to write, whatever became of them: a program that serves somebody makes
/// many, and one that only computes makes none.
public enum ThreadCalls {
    /// Of the main thread, since it began; nil where that may not be seen.
    package static func count(_ pid: Int32) -> UInt64? {
        guard let text = try? ProcFile(pid, "task/\(pid)/io").text() else { return nil }
        return count(text)
    }

    package static func count(_ text: String) -> UInt64? {
        let counts = text.split(separator: "\n").compactMap { line -> UInt64? in
            guard line.hasPrefix("syscr: ") || line.hasPrefix("syscw: ") else { return nil }
            return UInt64(line.dropFirst("syscr: ".count))
        }
        return counts.count == 2 ? counts[0] &+ counts[1] : nil
    }
}
