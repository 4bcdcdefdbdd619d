import Foundation
import Testing

/// A short form of `make stress`, by the same programs and the same judge.
struct ForkStressTests {
    /// Of each program; there are seven.
    private static let dumpsOfAll = 14
    private static let kills = 10
    private static let grown = 2
    /// For a machine that runs all other tests at the same time.
    private static let deadline = Duration.seconds(900)

    @Test(arguments: Node.each)
    func dumpsAreExactAndTheProgramsGoOn(node: Node) throws {
        try run(node, ["--dumps", "\(Self.dumpsOfAll)", "--grown", "\(Self.grown)"])
    }

    @Test
    func killsLeaveNothingBehind() throws {
        try run(.v22, ["--kills", "\(Self.kills)"])
    }

    private func run(_ node: Node, _ options: [String]) throws {
        _ = try node.path()
        let driver = ["python3", "-B", Package.root + "/Stress/stress.py"]
        // Nothing by default, which is for hours; what dumps near a memory limit are is for MemoryLimitTests.
        let nothing = ["--dumps", "0", "--grown", "0", "--limited", "0", "--kills", "0"]
        let arguments = ["--heapdump", Heapdump.binary, "--nodes", "\(node.rawValue)"] + nothing + options
        try Command(driver + arguments).run(within: Self.deadline).expect(exit: 0)
    }
}
