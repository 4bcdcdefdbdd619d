import Linux

/// How many descriptors a process has open.
public enum OpenFiles {
    public static func count(_ handle: ProcessHandle) throws(ProcessError) -> Int {
        try handle.bracketing { () throws(LinuxError) in
            guard let directory = try? ProcFile(handle.pid, "fd").directory() else { return 0 }
            var count = 0
            while directory.nextNumber() != nil { count += 1 }
            return count
        }
    }
}
