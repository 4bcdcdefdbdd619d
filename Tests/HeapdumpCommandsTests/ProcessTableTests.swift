import NodeProcess
import Testing

@testable import HeapdumpCommands

@Suite struct ProcessTableTests {
    private static let hostile = "a\u{1B}[31m\u{9B}2J\r\nb"

    private func process(_ change: (inout ListedProcess) -> Void = { _ in }) -> ListedProcess {
        var process = ListedProcess(
            pid: 12, user: "root", uid: 0, nodeVersion: "v22.20.0", executable: "/usr/bin/node",
            executableDeleted: false, rssBytes: 45_200_000, uptimeSeconds: 3 * 3600 + 4 * 60 + 5, method: "inspector",
            memory: .enough, command: ["/usr/bin/node", "/srv/a b.js"], name: "node", script: "/srv/a b.js")
        change(&process)
        return process
    }

    @Test func rows() {
        let other = process {
            $0.pid = 4_194_304
            $0.container = Container(kind: .docker, id: "0123456789ab")
        }
        #expect(
            ProcessTable.lines([process(), other], width: nil) == [
                "    PID USER NODE        RSS UPTIME CONTAINER           METHOD    MEMORY COMMAND",
                "     12 root v22.20.0 45.2MB  3h04m -                   inspector ok     /usr/bin/node '/srv/a b.js'",
                "4194304 root v22.20.0 45.2MB  3h04m docker:0123456789ab inspector ok     /usr/bin/node '/srv/a b.js'",
            ])
    }

    @Test func nothingToShowNeedsNoHeader() {
        #expect(ProcessTable.lines([], width: 80).isEmpty)
    }

    @Test func questionMarksWhereItMayNotBeLookedInto() {
        let refused = process {
            $0.nodeVersion = nil
            $0.method = nil
            $0.memory = nil
            $0.error = "no permission"
        }
        #expect(
            ProcessTable.lines([refused], width: nil).last
                == " 12 root ?    45.2MB  3h04m ?         ?      ?      /usr/bin/node '/srv/a b.js'")
    }

    @Test(arguments: [
        (0.9, "0s"), (59.9, "59s"), (60.0, "1m"), (3599.0, "59m"), (3600.0, "1h00m"), (86399.0, "23h59m"),
        (86400.0, "1d00h"),
        (400.0 * 86400 + 5 * 3600, "400d05h"),
    ])
    func uptime(seconds: Double, text: String) {
        #expect(ProcessTable.uptime(seconds) == text)
    }

    /// Who starts a process chooses its arguments, its title and its threads' names.
    @Test func nothingSteersTheTerminal() {
        let process = process {
            $0.user = Self.hostile
            $0.command = ["node", Self.hostile]
            $0.container = Container(kind: .lxc, id: Self.hostile)
            $0.threads = [ListedProcess.Thread(tid: 12, name: Self.hostile, state: "S", cpuSeconds: 1.5)]
        }
        for width in [nil, 80, 200] {
            let lines = ProcessTable.lines([process], width: width)
            #expect(lines.count == 4)
            #expect(lines.allSatisfy { $0.unicodeScalars.allSatisfy { TerminalText.isHarmless($0) } })
        }
    }

    @Test func threadsStandBelowTheirProcess() {
        let process = process {
            $0.threads = [
                ListedProcess.Thread(tid: 12, name: "node", state: "R", cpuSeconds: 61.03),
                ListedProcess.Thread(tid: 1234, name: "my worker", state: "S", cpuSeconds: 0),
            ]
        }
        #expect(
            Array(ProcessTable.lines([process, self.process()], width: nil)[2...4]) == [
                "         TID STATE    CPU THREAD",
                "          12 R     61.03s node",
                "        1234 S      0.00s my worker",
            ])
    }

    @Test func jsonNamesNothingRaw() {
        let line = JSONLine.text(process { $0.title = Self.hostile + "\u{E0041}" })
        #expect(line.unicodeScalars.allSatisfy { TerminalText.isHarmless($0) })
        #expect(line.contains(#""title":"a\u001b[31m\u009b2J\r\nb\udb40\udc41""#))
        #expect(line.contains(#""rss_bytes":45200000"#))
        #expect(!line.contains("container"))
    }
}
