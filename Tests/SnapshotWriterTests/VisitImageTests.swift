import Testing

@testable import SnapshotWriter

/// The code that ptrace brings into a process, as it is made ready to run.
struct VisitImageTests {
    private func image() throws -> VisitImage {
        try #require(VisitImage.isBuiltIn, "make agent builds it")
        return try VisitImage()
    }

    private static let base: UInt64 = 0x7000_0000_0000

    /// Whatever the process brings, each address is where the relocations want it.
    @Test func bindsEachFunctionOnce() throws {
        let image = try image()
        var asked: [String] = []
        let bytes = try image.loaded(at: Self.base) { name in
            asked.append(name)
            return 0x5500_0000_0000 + UInt64(name.utf8.count)
        }
        #expect(bytes.count == image.size)
        #expect(Set(asked) == Set(image.imports))
        let words = stride(from: 0, through: bytes.count - 8, by: 8).map { place in
            bytes[place..<place + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        for name in image.imports {
            #expect(words.contains(0x5500_0000_0000 + UInt64(name.utf8.count)), "\(name)")
        }
    }

    @Test func hasTheFunctionsThatAreCalled() throws {
        let image = try image()
        let size = UInt64(image.size)
        for name in ["visit_fork", "visit_find_isolate", "visit_ask"] {
            let offset = try image.offset(of: name)
            #expect(offset > 0 && offset < size)
        }
        #expect(throws: VisitImage.Failure.missing("visit_nothing")) { try image.offset(of: "visit_nothing") }
    }

    /// What V8 lacks in some version may be missing; what the code cannot do without may not.
    @Test func saysWhichFunctionIsMissing() throws {
        let image = try image()
        _ = try image.loaded(at: Self.base) { $0.hasPrefix("_Z") && !$0.contains("RequestInterrupt") ? nil : 1 }
        #expect(throws: VisitImage.Failure.missing("opendir")) {
            try image.loaded(at: Self.base) { $0 == "opendir" ? nil : 1 }
        }
    }

    /// The C library chooses some functions by the processor: they would have to be called to be found.
    @Test func importsNoFunctionThatTheProcessorChooses() throws {
        let chosen = [
            "memcpy", "memset", "memmove", "memchr", "strlen", "strchr", "strrchr", "strcmp", "strncmp", "strncpy",
            "strstr",
        ]
        #expect(Set(chosen).isDisjoint(with: try image().imports))
    }

    @Test func refusesWhatIsNoSharedObject() {
        #expect(throws: VisitImage.Failure.malformed) { try VisitImage([UInt8](repeating: 7, count: 5000)) }
        #expect(throws: VisitImage.Failure.malformed) { try VisitImage([]) }
    }
}
