import Foundation
import Glibc
import Linux
import NodeProcess
import Testing

@testable import SnapshotWriter

/// A dump by a signal, without a process that takes it: the test writes the file, and its own process is the one whose descriptors are
/// looked at.
@Suite(.serialized) struct SignalDumpTests {
    private final class Scene {
        let run: FakeRun
        let target: FakeProcess
        /// Where the process writes, and where the output goes.
        let place: String
        let path: String
        private let keepsPartial: Bool
        private var file: Int32 = -1
        private var steps: [(Duration, () -> Void)] = []

        init(in directory: String, keepsPartial: Bool = false) throws {
            run = try FakeRun()
            target = try FakeProcess()
            run.context.waiter.watch(target)
            self.keepsPartial = keepsPartial
            place = directory + "/place"
            let outputs = directory + "/outputs"
            for path in [place, outputs] {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
            path = outputs + "/a.heapsnapshot"
            target.onSignal = { [unowned self] _ in
                for (delay, body) in steps { clock.after(delay, body) }
            }
        }

        deinit { close() }

        var clock: FakeClock { run.clock }
        /// As Node names it.
        var name: String { "Heap.20260102.030405.\(getpid()).0.001.heapsnapshot" }
        var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: place).sorted() } }
        var outputs: [String] {
            get throws {
                try FileManager.default.contentsOfDirectory(atPath: (path as NSString).deletingLastPathComponent)
            }
        }
        func content(_ suffix: String = "") throws -> String {
            try String(contentsOfFile: path + suffix, encoding: .utf8)
        }

        func open(_ name: String? = nil) {
            file = Glibc.open(place + "/" + (name ?? self.name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            #expect(file >= 0)
        }

        func write(_ text: some StringProtocol) {
            let bytes = Array(text.utf8)
            #expect(Glibc.write(file, bytes, bytes.count) == bytes.count)
        }

        func close() {
            if file >= 0 { Glibc.close(file) }
            file = -1
        }

        /// What the signal makes it do.
        func afterSignal(_ delay: Duration, _ body: @escaping () -> Void) { steps.append((delay, body)) }

        func dump(by dumper: DumpSignal.Dumper = .option, stall: Duration = .seconds(120)) -> DumpFailure? {
            failure {
                let output = try SnapshotFile(path: path, overwrites: false, keepsPartial: keepsPartial)
                _ = try SignalDump(
                    signal: DumpSignal(number: SIGUSR2, dumper: dumper, directories: [place]), pauseSeconds: 1,
                    keepsPartial: keepsPartial, target: target,
                    author: SnapshotAuthor(
                        handle: ProcessHandle(pid: getpid()), userID: geteuid(), pidInNamespace: getpid(),
                        isInOtherPidNamespace: false),
                    delivery: Delivery(output: output, impossibleBytes: { 1 << 20 }, context: run.context),
                    patience: run.patience(stall: stall), context: run.context
                ).run()
            }
        }
    }

    private func withScene(keepsPartial: Bool = false, _ body: (Scene) throws -> Void) throws {
        try withTemporaryDirectory { try body(Scene(in: $0, keepsPartial: keepsPartial)) }
    }

    private let whole = SmallSnapshot.text
    private var rest: Substring { whole.dropFirst(SmallSnapshot.half.count) }

    @Test func takesTheFileThatArrives() throws {
        try withScene { (scene) throws in
            scene.afterSignal(.seconds(3)) { scene.open() }
            scene.afterSignal(.seconds(4)) { scene.write(SmallSnapshot.half) }
            scene.afterSignal(.seconds(30)) { scene.write(rest) }
            scene.afterSignal(.seconds(31)) { scene.close() }
            #expect(scene.dump() == nil)
            #expect(scene.target.sent == [SIGUSR2])
            #expect(try scene.content() == whole)
            // Nothing stays where the process wrote it.
            #expect(try scene.names.isEmpty)
            #expect(scene.run.warnings.isEmpty)
            #expect((.seconds(31)...(.seconds(32))).contains(scene.clock.passed))
            let report = scene.run.report()
            #expect(report.signal == "SIGUSR2" && report.verdict == "valid" && report.bytes == UInt64(whole.utf8.count))
            #expect((3000...3100).contains(report.milliseconds.waiting ?? 0))
        }
    }

    /// A small one is written and closed between two looks: its name proves whose it is.
    @Test func takesAFileThatIsClosedAlready() throws {
        try withScene { (scene) throws in
            scene.afterSignal(.milliseconds(10)) {
                scene.open()
                scene.write(whole)
                scene.close()
            }
            #expect(scene.dump() == nil)
            #expect(try scene.content() == whole)
            #expect(try scene.names.isEmpty)
        }
    }

    /// Its writer's descriptor may not be there yet.
    @Test func takesNoEmptyFileByItsName() throws {
        try withScene { (scene) throws in
            scene.afterSignal(.milliseconds(10)) {
                scene.open()
                scene.close()
            }
            #expect(scene.dump()?.code == .nothingAppeared)
            #expect(try scene.names == [scene.name] && scene.outputs.isEmpty)
        }
    }

    @Test func saysThatNothingCame() throws {
        try withScene { (scene) throws in
            #expect(scene.dump()?.code == .nothingAppeared)
            // A second until it certainly has the signal, and ten for an event loop that is idle.
            #expect((.seconds(11)...(.seconds(12))).contains(scene.clock.passed))
            #expect(scene.run.warnings.count == 1 && scene.run.warnings[0].contains("SIGUSR2 cannot be taken back"))
            #expect(try scene.outputs.isEmpty)
        }
    }

    /// It begins when its event loop is free, which may take its time.
    @Test func waitsForAProcessThatIsBusy() throws {
        try withScene { (scene) throws in
            scene.target.beBusy()
            for second in 0..<10 {
                scene.clock.after(.seconds(second)) {
                    scene.target.mainThread = MainThreadActivity(state: "R", cpuTime: .seconds(second), blockedIn: nil)
                }
            }
            scene.afterSignal(.seconds(8)) {
                scene.open()
                scene.write(whole)
                scene.close()
            }
            #expect(scene.dump() == nil)
            #expect(
                scene.run.notes.contains { $0.contains("begins when its event loop is free; now main thread is busy") })
        }
    }

    @Test func givesUpAProcessThatStandsStill() throws {
        try withScene { (scene) throws in
            scene.target.mainThread = MainThreadActivity(state: "S", cpuTime: .zero, blockedIn: "read")
            let failure = try #require(scene.dump(stall: .seconds(5)))
            #expect(failure.code == .stalled && failure.message.contains("blocked in read"))
            #expect((.seconds(5)...(.seconds(6))).contains(scene.clock.passed))
        }
    }

    /// Another process in the same directory, or an earlier dump.
    @Test func leavesTheFilesOfOthersAlone() throws {
        try withScene { (scene) throws in
            let other = "heapdump-123.456.heapsnapshot"
            scene.afterSignal(.milliseconds(10)) {
                scene.open(other)
                scene.write(whole)
                scene.close()
            }
            let failure = try #require(scene.dump(by: .addon(path: "/addon.node")))
            #expect(failure.code == .strangerAppeared && failure.message.contains(other))
            #expect(try scene.names == [other] && scene.outputs.isEmpty)
        }
        try withScene { (scene) throws in
            scene.open()
            scene.write(whole)
            #expect(scene.dump()?.code == .nothingAppeared)
            #expect(try scene.names == [scene.name])
        }
    }

    /// What has the file's name by the time that it is moved may be anything.
    @Test func takesTheFileItFollowedAndNotWhatReplacedIt() throws {
        try withScene { (scene) throws in
            let other = scene.place + "/other"
            try "another's".write(toFile: other, atomically: false, encoding: .utf8)
            scene.afterSignal(.seconds(1)) {
                scene.open()
                scene.write(SmallSnapshot.half)
            }
            scene.afterSignal(.seconds(2)) {
                scene.write(rest)
                #expect(rename(other, scene.place + "/" + scene.name) == 0)
                scene.close()
            }
            #expect(scene.dump() == nil)
            #expect(try scene.content() == whole)
            #expect(try scene.names == [scene.name])
            #expect(try String(contentsOfFile: scene.place + "/" + scene.name, encoding: .utf8) == "another's")
        }
    }

    /// A file with two names could be changed by the other one after it was published.
    @Test func copiesAFileThatHasAnotherName() throws {
        try withScene { (scene) throws in
            let moved = scene.place + "/moved"
            scene.afterSignal(.seconds(1)) {
                scene.open()
                scene.write(SmallSnapshot.half)
            }
            scene.afterSignal(.seconds(2)) {
                scene.write(rest)
                #expect(rename(scene.place + "/" + scene.name, moved) == 0)
                scene.close()
            }
            #expect(scene.dump() == nil)
            try "changed".write(toFile: moved, atomically: false, encoding: .utf8)
            #expect(try scene.content() == whole)
        }
    }

    @Test func publishesNothingThatIsNotWhole() throws {
        try withScene(keepsPartial: true) { (scene) throws in
            scene.afterSignal(.milliseconds(10)) {
                scene.open()
                scene.write(SmallSnapshot.half)
                scene.close()
            }
            #expect(scene.dump()?.code == .snapshotInvalid)
            #expect(try scene.outputs == ["a.heapsnapshot.partial"])
            #expect(try scene.content(".partial") == SmallSnapshot.half)
            #expect(try scene.names.isEmpty)
        }
    }

    @Test func clearsAwayWhatATargetThatDiesLeaves() throws {
        try withScene { (scene) throws in
            scene.afterSignal(.seconds(1)) {
                scene.open()
                scene.write(SmallSnapshot.half)
            }
            scene.afterSignal(.seconds(2)) {
                scene.close()
                scene.target.end()
            }
            #expect(scene.dump()?.code == .targetDied)
            #expect(try scene.names.isEmpty && scene.outputs.isEmpty)
        }
    }

    @Test func keepsWhatATargetThatDiesLeavesIfThatIsAsked() throws {
        try withScene(keepsPartial: true) { (scene) throws in
            scene.afterSignal(.seconds(1)) {
                scene.open()
                scene.write(SmallSnapshot.half)
            }
            scene.afterSignal(.seconds(2)) {
                scene.close()
                scene.target.end()
            }
            #expect(scene.dump()?.code == .targetDied)
            #expect(try scene.content(".partial") == SmallSnapshot.half)
            #expect(try scene.names.isEmpty)
        }
    }

    /// It may be anybody's file.
    @Test func takesNoFileWithASecondName() throws {
        try withScene { (scene) throws in
            scene.afterSignal(.seconds(1)) {
                scene.open()
                #expect(link(scene.place + "/" + scene.name, scene.place + "/second") == 0)
                scene.write(whole)
            }
            let failure = try #require(scene.dump())
            #expect(failure.code == .strangerAppeared && failure.message.contains(scene.name))
            #expect(try scene.names == [scene.name, "second"] && scene.outputs.isEmpty)
        }
    }

    /// Node ends itself if it cannot write its snapshot.
    @Test func saysWhereItDiesBeforeItBegins() throws {
        try withScene { (scene) throws in
            scene.afterSignal(.seconds(1)) { scene.target.end() }
            #expect(scene.dump()?.code == .targetDied)
            try #require(scene.run.warnings.count == 1)
            #expect(scene.run.warnings[0].contains("it ended after SIGUSR2 was sent"))
            #expect(scene.run.warnings[0].contains(scene.place))
        }
        // What it leaves is its file by the name.
        try withScene { (scene) throws in
            scene.afterSignal(.seconds(1)) {
                scene.open()
                scene.close()
                scene.target.end()
            }
            #expect(scene.dump()?.code == .targetDied)
            #expect(try scene.names.isEmpty)
        }
    }

    @Test func keepsAWholeSnapshotOfATargetThatDied() throws {
        try withScene { (scene) throws in
            scene.afterSignal(.seconds(1)) {
                scene.open()
                scene.write(SmallSnapshot.half)
            }
            scene.afterSignal(.seconds(2)) {
                scene.write(rest)
                scene.close()
                scene.target.end()
            }
            #expect(scene.dump() == nil)
            #expect(try scene.content() == whole)
        }
    }

    @Test func anotherProgramIsNotWaitedFor() throws {
        try withScene { (scene) throws in
            scene.afterSignal(.seconds(1)) { scene.target.state = .replaced }
            #expect(scene.dump()?.code == .targetReplaced)
        }
        try withScene { (scene) throws in
            scene.target.state = .replaced
            #expect(scene.dump()?.code == .targetReplaced)
            #expect(scene.target.sent.isEmpty)
        }
    }

    /// It would end the process.
    @Test func sendsNothingWhereTheHandlerIsGone() throws {
        try withScene { (scene) throws in
            scene.target.caught = SignalSet(signal: SIGUSR1)
            #expect(scene.dump()?.code == .signalNoLongerCaught)
            #expect(scene.target.sent.isEmpty)
        }
    }

    @Test func anInterruptionSaysWhatMayStillCome() throws {
        try withScene { (scene) throws in
            scene.afterSignal(.seconds(1)) { scene.run.signals.send(SIGINT) }
            #expect(scene.dump()?.code == .interrupted)
            #expect(scene.run.warnings.count == 1 && scene.run.warnings[0].contains("cannot be taken back"))
        }
        try withScene { (scene) throws in
            scene.afterSignal(.seconds(1)) {
                scene.open()
                scene.write(SmallSnapshot.half)
            }
            scene.afterSignal(.seconds(2)) { scene.run.signals.send(SIGINT) }
            #expect(scene.dump()?.code == .interrupted)
            #expect(scene.run.warnings.count == 1 && scene.run.warnings[0].contains("goes on writing"))
            #expect(try scene.names == [scene.name])
        }
    }

    @Test func doesNotFollowWithoutEnd() throws {
        try withScene { (scene) throws in
            let spaces = String(repeating: " ", count: 60_000)
            scene.afterSignal(.seconds(1)) {
                scene.open()
                scene.write(#"{"snapshot":"#)
            }
            for second in 2..<60 { scene.afterSignal(.seconds(second)) { scene.write(spaces) } }
            #expect(scene.dump()?.code == .snapshotEndless)
        }
    }

    @Test func doesNotFollowADrip() throws {
        try withScene { (scene) throws in
            scene.afterSignal(.seconds(1)) {
                scene.open()
                scene.write(#"{"snapshot":"#)
            }
            for second in 2..<300 { scene.afterSignal(.seconds(second)) { scene.write(" ") } }
            #expect(scene.dump()?.code == .stalled)
            #expect((.seconds(110)...(.seconds(125))).contains(scene.clock.passed))
        }
    }
}
