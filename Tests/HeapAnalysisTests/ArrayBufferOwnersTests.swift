import Testing

@testable import HeapAnalysis

/// Whose the ArrayBuffers are.
struct ArrayBufferOwnersTests {
    /// An ArrayBuffer, and a Buffer that keeps it.
    fileprivate static func buffer(_ heap: inout ProgramHeap, of holder: Int, by edge: String, size: UInt64 = 1000)
        -> Int
    {
        let buffer = heap.heap.add(to: holder, "Buffer", 40, by: edge)
        return memory(&heap, of: buffer, size: size)
    }

    fileprivate static func memory(_ heap: inout ProgramHeap, of view: Int, size: UInt64) -> Int {
        let memory = heap.heap.add(to: view, "ArrayBuffer", 40, by: "buffer", "internal")
        _ = heap.heap.add(
            to: memory, "system / JSArrayBufferData", size, by: "backing_store", "internal", type: "native")
        return memory
    }

    fileprivate static func owners(_ make: (inout ProgramHeap) -> Void) throws -> ArrayBufferOwners? {
        var heap = ProgramHeap(ballast: 10_000)
        make(&heap)
        return try heap.heap.summary().arrayBuffers
    }

    @Test func groupsThemByTheNearestClass() throws {
        let owners = try #require(
            try Self.owners { heap in
                let scope = heap.scope(of: "/srv/upload.js")
                let uploads = heap.array(of: scope, by: "uploads", "context")
                for number in 0..<30 {
                    let upload = heap.heap.add(to: uploads.store, "Upload", 16, by: "\(number)", "hidden")
                    let parts = heap.array(of: upload, by: "parts")
                    for part in 0..<2 { _ = Self.buffer(&heap, of: parts.store, by: "\(part)") }
                }
                let packets = heap.array(of: scope, by: "packets", "context")
                for number in 0..<10 { _ = Self.buffer(&heap, of: packets.store, by: "\(number)") }
            })
        #expect(owners.count == 70 && owners.size == 70 * 1040)
        #expect(owners.groups.map(\.owner) == [.objects(className: "Upload"), .variable])
        #expect(owners.groups.map(\.count) == [60, 10] && owners.groups.map(\.ownerCount) == [30, nil])
        #expect(owners.groups.map { $0.path?.variable?.name } == ["uploads", "packets"])
        #expect(owners.groups.map { $0.path?.variable?.script } == ["/srv/upload.js", "/srv/upload.js"])
        #expect(owners.groups.allSatisfy { !$0.isPathOfOne })
    }

    /// Small Buffers share a slab, the last of which Node has at hand too.
    @Test func ownsSlabsByTheBuffersThatKeepThem() throws {
        let owners = try #require(
            try Self.owners { heap in
                let sessions = heap.array(of: heap.scope(of: "/srv/shop.js"), by: "sessions", "context")
                let pool = heap.scope(of: "node:buffer", by: "Buffer")
                var slab: Int?
                for number in 0..<40 {
                    let session = heap.heap.add(to: sessions.store, "Session", 16, by: "\(number)", "hidden")
                    let buffer = heap.heap.add(to: session, "Buffer", 40, by: "token")
                    if let slab, !number.isMultiple(of: 8) {
                        heap.heap.link(buffer, slab, "buffer", "internal")
                    } else {
                        slab = Self.memory(&heap, of: buffer, size: 8192)
                    }
                }
                let atHand = heap.heap.add(to: pool, "Buffer", 40, by: "allocBuffer", "context")
                heap.heap.link(atHand, slab ?? 0, "buffer", "internal")
            })
        #expect(owners.groups.map(\.owner) == [.objects(className: "Session")])
        #expect(owners.groups.map(\.count) == [5] && owners.groups.map(\.ownerCount) == [40])
    }

    @Test func saysWhatSeveralShare() throws {
        let owners = try #require(
            try Self.owners { heap in
                let scope = heap.scope(of: "/srv/shop.js")
                let first = heap.heap.add(to: scope, "Session", 16, by: "session", "context")
                let slab = Self.buffer(&heap, of: first, by: "token", size: 8192)
                let second = heap.heap.add(to: scope, "Upload", 16, by: "upload", "context")
                heap.heap.link(heap.heap.add(to: second, "Buffer", 40, by: "body"), slab, "buffer", "internal")
            })
        #expect(owners.groups.map(\.owner) == [.several] && owners.groups.map(\.count) == [1])
        #expect(owners.groups.first?.path == nil)
    }

    @Test func saysNothingOfAFew() throws {
        #expect(
            try Self.owners { heap in
                let scope = heap.scope(of: "/srv/shop.js")
                for number in 0..<8 { _ = Self.buffer(&heap, of: scope, by: "b\(number)", size: 100) }
            } == nil)
    }
}

/// Shapes of heaps that a program can have, and such as are made to do harm.
extension ArrayBufferOwnersTests {
    /// What hangs on a buffer is not its memory.
    @Test func countsEachByteOnce() throws {
        let owners = try #require(
            try Self.owners { heap in
                var holder = heap.scope(of: "/srv/shop.js")
                for number in 0..<40 {
                    let owner = heap.heap.add(
                        to: holder, "Owner\(number)", 0, by: "next", number == 0 ? "context" : "property")
                    holder = Self.buffer(&heap, of: owner, by: "buffer", size: number == 39 ? 1 << 50 : 1000)
                }
            })
        #expect(owners.count == 40 && owners.size == 39 * 1040 + 40 + 1 << 50)
        #expect((0.9...1).contains(owners.share))
        #expect(owners.groups.map(\.size).reduce(0, +) == owners.size)
    }

    /// A list is nobody's but its head's.
    @Test func walksALongListOnce() throws {
        let owners = try inTime {
            try Self.owners { heap in
                var holder = heap.array(of: heap.scope(of: "/srv/shop.js"), by: "head", "context").store
                for _ in 0..<50_000 {
                    _ = Self.memory(&heap, of: holder, size: 400)
                    holder = heap.array(of: holder, by: "0", "hidden").store
                }
            }
        }
        #expect(owners?.groups.map(\.owner) == [.variable] && owners?.groups.first?.count == 50_000)
        #expect(owners?.groups.first?.path?.variable?.name == "head")
    }

    @Test func joinsWhatFunctionsOfOnePlaceKeep() throws {
        func owners(_ count: Int) throws -> ArrayBufferOwners? {
            try Self.owners { heap in
                let handlers = heap.array(of: heap.scope(of: "/srv/shop.js"), by: "handlers", "context")
                let code = heap.heap.add("handler", 16, type: "code")
                for number in 0..<count {
                    let function = heap.heap.add(
                        to: handlers.store, "handler", 32, by: "\(number)", "hidden", type: "closure")
                    heap.heap.link(function, code, "shared", "internal")
                    let scope = heap.heap.add(to: function, "system / Context", 16, by: "context", "internal")
                    _ = Self.buffer(&heap, of: scope, by: "body", size: 9000)
                }
            }
        }
        let many = try #require(try owners(300))
        #expect(many.groups.map(\.owner) == [.functions] && many.groups.map(\.count) == [300])
        #expect(many.groups.map(\.ownerCount) == [300] && many.groups.first?.isPathOfOne == false)
        #expect(many.groups.first?.path?.variable?.name == "handlers")
        // Of a few, each is a variable.
        #expect(try owners(9)?.groups.map(\.owner) == Array(repeating: .variable, count: 9))
    }
}
