import Testing

/// A short form of `make stress`, by the same programs and the same judge. What dumps near a memory limit are is for
/// MemoryLimitTests.
struct ForkStressTests {
    /// Of each program; there are seven.
    private static let dumpsOfAll = 14
    private static let kills = 10
    private static let grown = 2

    @Test(arguments: Node.each)
    func dumpsAreExactAndTheProgramsGoOn(node: Node) throws {
        try StressDriver.run(node, ["--dumps", "\(Self.dumpsOfAll)", "--grown", "\(Self.grown)"])
    }

    @Test
    func killsLeaveNothingBehind() throws {
        try StressDriver.run(.v22, ["--kills", "\(Self.kills)"])
    }
}
