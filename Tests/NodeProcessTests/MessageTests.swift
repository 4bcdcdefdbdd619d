import Glibc
import Testing

@testable import NodeProcess

@Suite struct MessageTests {
    @Test func controlsAreMadeVisible() {
        #expect(TerminalText.escaped("a\u{1B}[31m\n\u{7F}") == "a\\x1B[31m\\x0A\\x7F")
        #expect(TerminalText.escaped("\u{9B}x\u{202E}y\u{2066}") == "\\u{9B}x\\u{202E}y\\u{2066}")
        #expect(TerminalText.escaped("größe 日本 👍") == "größe 日本 👍")
    }

    @Test(arguments: [
        ([0x61, 0xFF, 0x62], "a\\xFFb"), ([0xC3, 0xA9], "é"), ([0xC3], "\\xC3"), ([0xE2, 0x82, 0x41], "\\xE2\\x82A"),
        ([0xC0, 0xAF], "\\xC0\\xAF"), ([0xED, 0xA0, 0x80], "\\xED\\xA0\\x80"), ([0x1B], "\\x1B"),
        ([0xF0, 0x9F, 0x91, 0x8D], "👍"), ([0xC2, 0x9B], "\\u{9B}"),
    ])
    func bytesThatAreNotUTF8(_ bytes: [UInt8], _ expected: String) {
        #expect(TerminalText.escaped(bytes: bytes) == expected)
    }

    @Test func commandLinesKeepTheirBorders() {
        #expect(TerminalText.commandLine(["node", "a b", "", "c"]) == "node 'a b' '' c")
    }

    @Test func nonNodeMessages() {
        let shell = NonNodeDescription(
            pid: 5, name: "sh", executablePath: "/bin/dash",
            nodeDescendants: [ProcessSummary(pid: 6, command: "node app.js")])
        let message = ProcessError.notNode(shell).message
        #expect(message.contains("/bin/dash"))
        #expect(message.contains("6"))
        #expect(message.contains("node app.js"))
        let embedder = NonNodeDescription(
            pid: 5, name: "R", executablePath: "/usr/lib/R/bin/exec/R", nodeLibrary: "/usr/lib/libnode.so.108")
        #expect(ProcessError.notNode(embedder).message.contains("has loaded /usr/lib/libnode.so.108"))
        #expect(ProcessError.notNode(embedder).message.contains("nothing was sent"))
        let thread = NonNodeDescription(pid: 2, name: "kthreadd", executablePath: nil, isKernelThread: true)
        #expect(ProcessError.notNode(thread).message.contains("a kernel thread"))
        let evil = NonNodeDescription(pid: 5, name: "\u{1B}]0;x", executablePath: "/tmp/\n")
        #expect(!ProcessError.notNode(evil).message.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test func remedies() {
        func remedy(
            _ cause: PermissionRefusal.Cause, ourUser: UInt32 = 1000, confined: Bool = false,
            labels: (String?, String?) = (nil, nil)
        ) -> String {
            PermissionRefusal(
                pid: 9, refused: "/proc/9/exe", errno: EACCES, targetUser: 0, ourUser: ourUser, cause: cause,
                cannotGainPrivileges: confined, ourLabel: labels.0, targetLabel: labels.1
            ).remedy
        }
        #expect(remedy(.otherUser) == "run as user root (uid 0) or with sudo")
        #expect(remedy(.notDumpable).contains("not dumpable"))
        #expect(remedy(.otherGroup).contains("another group id"))
        #expect(remedy(.unreadableExecutable).contains("run as user root (uid 0), or with sudo"))
        #expect(remedy(.moreCapable(["CAP_A", "CAP_B"])).contains("CAP_A, CAP_B, which we lack"))
        #expect(remedy(.otherUserNamespace).contains("user namespace"))
        #expect(remedy(.unexplained).contains("SELinux"))
        #expect(remedy(.unexplained, labels: ("a_t", nil)).contains("heapdump is a_t, the process unconfined"))
        #expect(
            remedy(.securityModule, labels: (nil, "b_t\u{1B}")).contains("heapdump is unconfined, the process b_t\\x1B")
        )
        #expect(remedy(.outerUserNamespace).contains("outside the container"))
        #expect(remedy(.maySendNoSignals).contains("CAP_KILL"))
        #expect(remedy(.cannotEnterNamespace).contains("CAP_SYS_ADMIN"))
        #expect(remedy(.hidden).contains("hidepid"))
        #expect(remedy(.otherUser, confined: true).contains("sudo has no effect"))
        // sudo makes root no more than it is.
        let causes: [PermissionRefusal.Cause] = [
            .otherUser, .otherGroup, .notDumpable, .unreadableExecutable, .moreCapable(["CAP_A"]), .otherUserNamespace,
            .unexplained, .maySendNoSignals, .cannotEnterNamespace, .hidden,
        ]
        for cause in causes {
            #expect(remedy(cause, ourUser: 0).contains("--cap-add="), "\(cause)")
            #expect(!remedy(cause, ourUser: 0).contains("sudo"), "\(cause)")
        }
    }

    @Test func errorsSayWhatAndWhy() {
        #expect(ProcessError.noSuchProcess(pid: 7).message == "there is no process 7")
        let refused = ProcessError.notConnected(address: "::1", port: 9229, errno: ECONNREFUSED).message
        #expect(refused == "cannot connect to [::1]:9229: Connection refused")
        #expect(ProcessError.isThread(8, of: 7).message.contains("process 7"))
    }
}
