import Testing

/// A dump changes no result of the program's own calls: a short form of `make stress`.
struct ResultStressTests {
    /// One for each set of checks.
    private static let dumps = 11

    @Test(arguments: Node.supported)
    func noResultOfTheProgramIsWrong(node: Node) throws {
        try StressDriver.run(node, ["--checked", "\(Self.dumps)"])
    }
}
