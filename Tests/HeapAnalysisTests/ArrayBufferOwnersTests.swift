import Testing

@testable import HeapAnalysis

/// Whose the ArrayBuffers are.
struct ArrayBufferOwnersTests {
    /// An ArrayBuffer, and a Buffer that keeps it.
    private static func buffer(_ heap: inout ProgramHeap, of holder: Int, by edge: String, size: UInt64 = 1000) -> Int {
        let buffer = heap.heap.add(to: holder, "Buffer", 40, by: edge)
        return memory(&heap, of: buffer, size: size)
    }

    private static func memory(_ heap: inout ProgramHeap, of view: Int, size: UInt64) -> Int {
        let memory = heap.heap.add(to: view, "ArrayBuffer", 40, by: "buffer", "internal")
        _ = heap.heap.add(
            to: memory, "system / JSArrayBufferData", size, by: "backing_store", "internal", type: "native")
        return memory
    }

    private static func owners(_ make: (inout ProgramHeap) -> Void) throws -> ArrayBufferOwners? {
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
        #expect(owners.groups.map(\.count) == [60, 10] && owners.groups.map(\.ownerCount) == [30, 1])
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
