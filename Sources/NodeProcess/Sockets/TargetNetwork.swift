import CLinux
import Glibc
import SystemPackage

/// Connects in the network namespace of a process.
public enum TargetNetwork {
    /// A connected TCP socket, close-on-exec and non-blocking, which the caller closes. Blocks for `timeout` at most.
    public static func connect(
        to port: UInt16, host: IPAddress = .loopbackV4, in handle: ProcessHandle, timeout: Duration = .seconds(2)
    ) throws(ProcessError) -> Int32 {
        let outcome: Outcome
        if try handle.bracketing({ () throws(ProcessError) in try Namespace.network.isOther(than: handle.pid) }) {
            let namespace = try handle.bracketing { () throws(ProcessError) in
                try Namespace.network.file(of: handle.pid).open()
            }
            outcome = try inNamespace(namespace) { () throws(Errno) in try connect(to: port, host, timeout) }
        } else {
            outcome = Outcome { () throws(Errno) in try connect(to: port, host, timeout) }
        }
        switch outcome {
        case .connected(let descriptor):
            return descriptor
        case .notEntered(let error):
            let call = "setns(\(Namespace.network.file(of: handle.pid).path))"
            guard error == .notPermitted else { throw .failed(what: call, errno: error.rawValue) }
            throw .notPermitted(PermissionRefusal(of: call, error, pid: handle.pid, enteringNamespace: true))
        case .notConnected(let error):
            throw .notConnected(address: host.description, port: port, errno: error.rawValue)
        }
    }

    private enum Outcome {
        case connected(Int32)
        case notEntered(Errno)
        case notConnected(Errno)

        init(_ connect: () throws(Errno) -> Int32) {
            do throws(Errno) {
                self = .connected(try connect())
            } catch {
                self = .notConnected(error)
            }
        }
    }

    private static func connect(
        to port: UInt16, _ host: IPAddress, _ timeout: Duration
    ) throws(Errno) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let socket = Descriptor(owning: try systemCall { Glibc.socket(host.isIPv6 ? AF_INET6 : AF_INET, kind, 0) })
        let raw = socket.raw
        // Not through systemCall: after EINTR the attempt goes on by itself, and a second one would be refused.
        let result = host.withSocketAddress(port: port) { _, address, length in
            Glibc.connect(raw, address, length) == 0 ? 0 : errno
        }
        if result == EINPROGRESS || result == EINTR {
            guard try poll(raw, for: Int16(POLLOUT), atMost: timeout) != 0 else { throw .timedOut }
            var code: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            _ = try systemCall { getsockopt(raw, SOL_SOCKET, SO_ERROR, &code, &length) }
            if code != 0 { throw Errno(rawValue: code) }
        } else if result != 0 {
            throw Errno(rawValue: result)
        }
        return socket.release()
    }

    private final class Job {
        let namespace: Int32
        let connect: () throws(Errno) -> Int32
        var outcome: Outcome?

        init(namespace: Int32, connect: @escaping () throws(Errno) -> Int32) {
            self.namespace = namespace
            self.connect = connect
        }
    }

    /// A namespace is entered by one thread, and a pooled thread would keep it for whoever runs on it next: this one
    /// ends with its work. The socket belongs to its namespace wherever it is used later.
    private static func inNamespace(
        _ namespace: borrowing Descriptor, _ connect: @escaping () throws(Errno) -> Int32
    ) throws(ProcessError) -> Outcome {
        let job = Job(namespace: namespace.raw, connect: connect)
        let retained = Unmanaged.passRetained(job)
        defer { retained.release() }
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let job = Unmanaged<Job>.fromOpaque(argument).takeUnretainedValue()
                do throws(Errno) {
                    _ = try systemCall { clinux_setns(job.namespace, CLINUX_CLONE_NEWNET) }
                    job.outcome = Outcome(job.connect)
                } catch {
                    job.outcome = .notEntered(error)
                }
                return nil
            }, retained.toOpaque())
        guard code == 0 else { throw .failed(what: "start a thread", errno: code) }
        pthread_join(thread, nil)
        return job.outcome ?? .notEntered(.invalidArgument)
    }
}
