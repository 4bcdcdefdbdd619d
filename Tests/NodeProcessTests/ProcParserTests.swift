import Glibc
import Linux
import Testing

@testable import NodeProcess

@Suite struct ProcParserTests {
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

    @Test func signalSets() {
        #expect(SignalSet(mask: "0000000000000a00") == [SignalSet(signal: 10), SignalSet(signal: 12)])
        #expect(SignalSet(mask: "8000000000000000")?.contains(signal: 64) == true)
        #expect(SignalSet(mask: "xyz") == nil)
        #expect(!SignalSet(rawValue: .max).contains(signal: 0))
        #expect(!SignalSet(rawValue: .max).contains(signal: 65))
        #expect(!SignalSet(rawValue: .max).contains(signal: -1))
    }

    @Test func systemCallLines() {
        #expect(MainThreadActivity.systemCallName("running\n") == nil)
        #expect(MainThreadActivity.systemCallName("-1 0x7ffc 0x7f00\n") == nil)
        #expect(MainThreadActivity.systemCallName("") == nil)
        #expect(MainThreadActivity.systemCallName("9999 0x1\n") == "system call 9999")
        #expect(MainThreadActivity.systemCallName("441 0xd 0x1\n") == "epoll_pwait2")
    }

    @Test(arguments: [
        ("v20.18.0", NodeVersion(major: 20, minor: 18, patch: 0)),
        ("24.1.12", NodeVersion(major: 24, minor: 1, patch: 12)),
        ("v25.0.0-nightly2025", NodeVersion(major: 25, minor: 0, patch: 0)),
        ("v20.18", nil), ("", nil), ("v", nil), ("v1.2.", nil), ("v-1.2.3", nil), ("v1.+2.3", nil), ("v1.2.3x", nil),
        ("v99999999999999999999.1.1", nil),
    ])
    func versions(_ text: String, _ expected: NodeVersion?) {
        #expect(NodeVersion(text) == expected)
    }

    @Test func versionOrder() throws {
        let versions = try ["18.4.0", "20.2.9", "20.18.0", "20.18.1", "24.0.0"].map { try #require(NodeVersion($0)) }
        #expect(versions.shuffled().sorted() == versions)
        #expect(versions.map(\.description).first == "v18.4.0")
    }

    @Test func mappedLibraries() throws {
        func library(_ line: String) -> MappedLibrary? {
            Array(line.utf8).withUnsafeBytes { MappedLibrary($0) }
        }
        let found = try #require(library("7f01-7f02 r-xp 00001000 fe:00 12 \t  /usr/lib/a b/libnode.so.115 (deleted)"))
        #expect(found.path == "/usr/lib/a b/libnode.so.115")
        #expect(found.range == "7f01-7f02")
        #expect(library("7f01-7f02 rw-p 00000000 00:00 0") == nil)
        #expect(library("7f01-7f02 rw-p 00000000 00:00 0   [heap]") == nil)
    }

    /// The target may have put anything where its library was.
    @Test func librariesAreRegularFiles() throws {
        let directory = try TemporaryDirectory()
        func canBeOpened(_ name: String) throws -> Bool {
            let line = "0-1 r-xp 00001000 fe:00 12   \(directory.path)/\(name)"
            let library = try #require(Array(line.utf8).withUnsafeBytes { MappedLibrary($0) })
            switch library.open(getpid()) {
            case .some: return true
            case .none: return false
            }
        }
        try #require(mkfifo(directory.path + "/fifo", 0o600) == 0)
        try #require(symlink("/bin/sh", directory.path + "/link") == 0)
        try #require(close(creat(directory.path + "/file", 0o600)) == 0)
        #expect(try !canBeOpened("fifo"))
        #expect(try !canBeOpened("link"))
        #expect(try canBeOpened("file"))
        #expect(try !canBeOpened("missing"))
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
        ("pos:\t0\nflags:\t0100001\nmnt_id:\t20\n", true), ("flags:\t02100002\n", true),
        ("flags:\t0100000\n", false), ("pos:\t0\n", false), ("flags:\tx\n", false), ("", false),
    ])
    func descriptorsOpenForWriting(_ text: String, _ expected: Bool) {
        #expect(SnapshotDescriptors.isWritable(descriptorInformation: text) == expected)
    }

    @Test(arguments: [
        ("SIGUSR2", SIGUSR2), ("usr2", SIGUSR2), ("SigHup", SIGHUP), ("12", 12), ("SIGPOLL", SIGIO), ("0", nil),
        ("32", nil),
        ("-1", nil), ("", nil), ("SIG", nil), ("SIGNONE", nil),
    ])
    func signalNames(_ text: String, _ expected: Int32?) {
        #expect(SignalName.number(of: text) == expected)
    }

    @Test func signalsAreShownAsNodeNamesThem() {
        #expect(SignalName.text(SIGUSR2) == "SIGUSR2")
        #expect(SignalName.text(SIGIO) == "SIGIO")
        #expect(SignalName.text(SIGABRT) == "SIGABRT")
        #expect(SignalName.text(40) == "signal 40")
    }
}
