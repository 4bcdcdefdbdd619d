import Testing

/// A short form of `make stress`, by the same programs and the same judge. What dumps near a memory limit are is for
/// MemoryLimitTests.
struct ForkStressTests {
    /// One of each program.
    private static let dumpsOfAll = 7
    private static let kills = 10
    private static let grown = 2

    @Test(arguments: Node.supported)
    func dumpsAreExactAndTheProgramsGoOn(node: Node) throws {
        try StressDriver.run(node, ["--dumps", "\(Self.dumpsOfAll)", "--grown", "\(Self.grown)"])
    }

    @Test
    func killsLeaveNothingBehind() throws {
        try StressDriver.run(.v22, ["--kills", "\(Self.kills)"])
    }
}
