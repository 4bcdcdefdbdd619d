import Glibc

package enum Namespace: String {
    case network = "net"
    case pid
    case mount = "mnt"
    case user

    package func file(of pid: Int32) -> ProcFile {
        ProcFile(pid, "ns/\(rawValue)")
    }

    package func isOther(than pid: Int32) throws(LinuxError) -> Bool {
        try file(of: pid).identity() != ProcFile(getpid(), "ns/\(rawValue)").identity()
    }
}
