import Glibc
import Linux
import Testing

/// The kernel's files of a process.
struct ProcParserTests {
    static let tail = "S 7 1 1 0 -1 4194560 1 2 3 4 150 25 5 6 20 0 11 0 987654 1000 200 18446744073709551615 1 1"

    @Test(arguments: ["node", "a b", "evil) R 1 (x", ")))", "(", "", "1 (sh) S 2 3\n) Z 4"])
    func statWithAnyName(_ name: String) throws {
        let stat = try #require(ProcessStat("42 (\(name)) \(Self.tail)\n".utf8))
        #expect(stat.state == "S")
        #expect(stat.parent == 7)
        #expect(stat.cpuTicks == 175)
        #expect(stat.startTime == 987_654)
        #expect(!stat.isKernelThread)
        #expect(!stat.isEnded)
    }

    @Test(arguments: ["", "42", "42 (node", "42 (node)", "42 (node) S 1 2 3", "42 (node) SS 1"])
    func cutStatIsRefused(_ text: String) {
        #expect(ProcessStat(text.utf8) == nil)
    }

    @Test func kernelThreadFlag() throws {
        let text = "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 25 0 0 18446744073709551615\n"
        #expect(try #require(ProcessStat(text.utf8)).isKernelThread)
    }

    @Test func status() throws {
        let text = """
            Name:\tevil\\nTgid:\\\\ 1
            State:\tS (sleeping)
            Tgid:\t4321
            Pid:\t4321
            Uid:\t1000\t1001\t1002\t1003
            Gid:\t2000\t2001\t2002\t2003
            NSpid:\t4321\t77\t8
            VmRSS:\t   40960 kB
            SigBlk:\t0000000000000200
            SigIgn:\t0000000000001000
            SigCgt:\t0000000100004602
            CapPrm:\t0000000000000400
            CapEff:\t0000000000080000
            NoNewPrivs:\t1
            Seccomp:\t2

            """
        let status = try #require(ProcessStatus(text))
        #expect(status.name == "evil\nTgid:\\ 1")
        #expect(status.threadGroup == 4321)
        #expect(status.innermostPid == 8)
        #expect(status.effectiveUser == 1001)
        #expect(status.effectiveGroup == 2001)
        #expect(status.residentBytes == 40960 * 1024)
        #expect(status.blocked.contains(signal: 10))
        #expect(status.ignored.contains(signal: 13))
        #expect(status.caught.contains(signal: 10))
        #expect(status.caught.contains(signal: 33))
        #expect(!status.caught.contains(signal: 12))
        #expect(status.hasPtraceCapability)
        #expect(status.permittedCapabilities == 0x400)
        #expect(status.cannotGainPrivileges)
        #expect(status.hasCallFilter)
    }

    @Test(arguments: ["", "Name:\tnode\n", "nonsense"])
    func cutStatusIsRefused(_ text: String) {
        #expect(ProcessStatus(text) == nil)
    }

    @Test func systemCallLines() {
        #expect(SystemCallName.inLine("running\n") == nil)
        #expect(SystemCallName.inLine("-1 0x7ffc 0x7f00\n") == nil)
        #expect(SystemCallName.inLine("") == nil)
        #expect(SystemCallName.inLine("9999 0x1\n") == "system call 9999")
        #expect(SystemCallName.inLine("441 0xd 0x1\n") == "epoll_pwait2")
    }

    @Test func readsOfProcessesAreBounded() throws {
        let maps = ProcFile(getpid(), "maps")
        var bytes = 0
        try maps.forEachLine(cap: 1000) { line in
            bytes += line.count
            return true
        }
        #expect(bytes > 500 && bytes <= 1000)
        let arguments = ProcFile(getpid(), "cmdline")
        #expect(try arguments.strings(atMost: 1) == Array(arguments.strings().prefix(1)))
    }

    @Test func resourceLimits() {
        let text = """
            Limit                     Soft Limit           Hard Limit           Units
            Max cpu time              unlimited            unlimited            seconds
            Max file size             1048576              unlimited            bytes
            Max open files            1024                 524288               files
            """
        #expect(ResourceLimits(text) == ResourceLimits(fileSize: 1_048_576, openFiles: 1024, openFilesAtMost: 524_288))
        #expect(
            ResourceLimits("Max file size             unlimited            unlimited            bytes").fileSize == nil)
        #expect(ResourceLimits("") == ResourceLimits())
    }

    @Test(arguments: [
        ("ep_poll", "epoll_wait"), ("do_epoll_wait", "epoll_wait"), ("futex_wait_queue", "futex"),
        ("pipe_read", "pipe_read"),
    ])
    func kernelFunctionsNameTheCall(function: String, name: String) {
        #expect(SystemCallName.ofWaitChannel(function) == name)
    }

    @Test(arguments: [
        ([UInt8]("A=1\0NAME=x y\0NAME=2\0".utf8), "x y"),
        ([UInt8]("NAME=\0".utf8), ""),
        ([UInt8]("NAME=last".utf8), "last"),
        ([UInt8]("XNAME=1\0NAMEX=2\0Y=NAME=3\0".utf8), nil),
        ([UInt8]("".utf8), nil),
    ])
    func variables(_ environment: [UInt8], _ value: String?) {
        #expect(EnvironmentVariable.value(of: "NAME", in: environment) == value)
    }

    /// A process may write what it likes over its environment and its arguments.
    @Test func hostileVariablesEnd() {
        let most = EnvironmentVariable.longestValue
        let long = Array("NAME=".utf8) + [UInt8](repeating: 0x61, count: most * 2)
        #expect(EnvironmentVariable.value(of: "NAME", in: long)?.utf8.count == most)
        #expect(EnvironmentVariable.value(of: "NAME", in: [UInt8](repeating: 0, count: 8 << 20)) == nil)
    }

    @Test func capabilityNames() {
        #expect(CapabilityNames.of(1 | 1 << 19 | 1 << 40) == ["CAP_CHOWN", "CAP_SYS_PTRACE", "CAP_CHECKPOINT_RESTORE"])
        #expect(CapabilityNames.of(1 << 63) == ["capability 63"])
    }

    @Test(arguments: [
        ("unconfined\n", nil), ("", nil), ("\0", nil), ("docker-default (enforce)\n", "docker-default (enforce)"),
        ("system_u:system_r:container_t:s0:c1,c2\0", "system_u:system_r:container_t:s0:c1,c2"),
        ("unconfined_u:unconfined_r:unconfined_t:s0", nil),
    ])
    func labels(text: String, label: String?) {
        #expect(SecurityLabel.parse(text) == label)
    }
}
