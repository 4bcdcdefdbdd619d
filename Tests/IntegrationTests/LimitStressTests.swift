import Testing

/// A process that has little left of something is dumped or refused, and unharmed: a short form of `make stress`.
struct LimitStressTests {
    private static let dumps = 12

    @Test(arguments: Node.supported)
    func randomLimitsHarmNobody(node: Node) throws {
        try Requirement.root()
        // Leaves the test out where no control groups can be made.
        try LimitedGroup.with("pids") { _ in
            try StressDriver.run(node, ["--limits", "\(Self.dumps)", "--seed", "14"])
        }
    }
}
