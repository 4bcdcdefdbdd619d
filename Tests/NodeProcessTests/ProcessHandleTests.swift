import Glibc
import Linux
import Testing

@testable import NodeProcess

@Suite struct ProcessHandleTests {
    /// With pidfds, and with what stands in for them on kernels that have none.
    @Test(arguments: [true, false]) func endedProcess(kernelHasPidfds: Bool) throws {
        try Child.with(["sleep", "60"]) { child in
            let handle = try ProcessHandle(pid: child.pid, kernelHasPidfds: kernelHasPidfds)
            #expect(handle.pid == child.pid)
            #expect(handle.isAlive)
            #expect(!Poll.isReady(handle.descriptor, .toRead))
            try handle.send(0)
            try handle.send(SIGTERM)
            #expect(Poll.wait(for: handle.descriptor, atMost: .seconds(10)))
            // Not reaped yet: a zombie.
            #expect(!handle.isAlive)
            #expect(throws: ProcessError.exited(pid: child.pid)) { try ProcessHandle(pid: child.pid) }
            #expect(throws: ProcessError.exited(pid: child.pid)) { try TargetProcess.read(handle) }
            #expect(throws: ProcessError.exited(pid: child.pid)) { try ListeningSockets.owned(by: handle) }
            child.reap()
            #expect(!handle.isAlive)
            #expect(throws: ProcessError.exited(pid: child.pid)) { try handle.send(SIGTERM) }
            #expect(throws: ProcessError.exited(pid: child.pid)) { try TargetProcess.read(handle) }
            #expect(throws: ProcessError.exited(pid: child.pid)) { try MainThreadActivity.read(handle) }
        }
    }

    @Test(arguments: [true, false]) func aPidOfAnotherProcess(kernelHasPidfds: Bool) throws {
        try Child.with(["sleep", "60"]) { child in
            let handle = try ProcessHandle(pid: child.pid, kernelHasPidfds: kernelHasPidfds)
            child.kill()
            child.reap()
            try withNewcomer(pid: child.pid) {
                #expect(!handle.isAlive)
                #expect(throws: ProcessError.exited(pid: child.pid)) { try handle.send(SIGTERM) }
                #expect(throws: ProcessError.exited(pid: child.pid)) { try TargetProcess.read(handle) }
                #expect(throws: ProcessError.exited(pid: child.pid)) { try ListeningSockets.owned(by: handle) }
                #expect(throws: ProcessError.exited(pid: child.pid)) { try MainThreadActivity.read(handle) }
                let newcomer = try ProcessHandle(pid: child.pid)
                #expect(newcomer.isAlive)
                try newcomer.send(0)
            }
        }
    }

    /// Runs `body` while another process has the pid. It takes root, and a pid that nobody else got meanwhile.
    private func withNewcomer(pid: Int32, _ body: () throws -> Void) throws {
        for _ in 0..<50 {
            let file = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC)
            guard file >= 0 else { try Test.cancel("the next pid cannot be chosen here") }
            let text = Array(String(pid - 1).utf8)
            let written = write(file, text, text.count)
            close(file)
            guard written == text.count else { try Test.cancel("the next pid cannot be chosen here") }
            let isDone = try Child.with(["sleep", "60"]) { newcomer in
                guard newcomer.pid == pid else { return false }
                try body()
                return true
            }
            if isDone { return }
        }
        try Test.cancel("others took the pid each time")
    }

    @Test(arguments: [0, -1, .min, .max] as [Int32])
    func noSuchProcess(_ pid: Int32) {
        #expect(throws: ProcessError.noSuchProcess(pid: pid)) { try ProcessHandle(pid: pid) }
    }

    @Test func startTimeIsTheKernels() throws {
        let handle = try ProcessHandle(pid: getpid())
        #expect(handle.startTime == (try ProcessStat.read(getpid())).startTime)
        #expect(handle.startTime > 0)
    }

    @Test func closesItsDescriptor() throws {
        var handle: ProcessHandle? = try ProcessHandle(pid: getpid())
        let descriptor = try #require(handle?.descriptor)
        #expect(try readLink("/proc/self/fd/\(descriptor)").contains("pidfd"))
        handle = nil
        #expect((try? readLink("/proc/self/fd/\(descriptor)").contains("pidfd:[\(getpid())]")) != true)
    }

    @Test(.enabled(if: kernelThread != nil, "no kernel thread is to be seen here"))
    func kernelThreads() throws {
        let pid = try #require(Self.kernelThread)
        let handle = try ProcessHandle(pid: pid)
        let error = #expect(throws: ProcessError.self) { try TargetProcess.read(handle) }
        guard case .notNode(let description) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(description.isKernelThread)
        #expect(description.executablePath == nil)
    }

    /// kthreadd, where this is the first pid namespace.
    private static let kernelThread: Int32? = (try? ProcessStat.read(2))?.isKernelThread == true ? 2 : nil
}
