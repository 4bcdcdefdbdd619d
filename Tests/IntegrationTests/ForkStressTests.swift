import Foundation
import Testing

/// A short form of `make stress`, by the same programs and the same judge.
struct ForkStressTests {
    /// Of each program; there are seven.
    private static let dumpsOfAll = 14
    private static let kills = 10
    /// For a machine that runs all other tests at the same time.
    private static let deadline = Duration.seconds(900)

    @Test(arguments: Node.supported)
    func dumpsAreExactAndTheProgramsGoOn(node: Node) throws {
        try run(node, ["--dumps", "\(Self.dumpsOfAll)", "--kills", "0"])
    }

    @Test
    func killsLeaveNothingBehind() throws {
        try run(.v22, ["--dumps", "0", "--kills", "\(Self.kills)"])
    }

    private func run(_ node: Node, _ options: [String]) throws {
        _ = try node.path()
        let driver = ["python3", "-B", Package.root + "/Stress/stress.py"]
        let arguments = ["--heapdump", Heapdump.binary, "--nodes", "\(node.rawValue)"] + options
        try Command(driver + arguments).run(within: Self.deadline).expect(exit: 0)
    }
}
