import Glibc
import Linux
import SystemPackage
import Testing

@testable import ELF
@testable import NodeProcess

@Suite struct NodeImageTests {
    private func role(_ file: ImageFile) throws -> NodeImage.Role? {
        try NodeImage.role(of: file, ProcFile(getpid(), "exe"))
    }

    private func role(_ path: String) throws -> NodeImage.Role? { try role(ImageFile(Descriptor(opening: path))) }

    /// #require does not take what cannot be copied.
    private func image(_ path: String) throws -> ELFImage {
        guard let image = try ELFImage(ImageFile(Descriptor(opening: path))) else { throw Errno.invalidArgument }
        return image
    }

    @Test(.enabled(if: TestNode.isAvailable, Comment(rawValue: TestNode.skipReason)))
    func scanFindsWhatTheHashTableFinds() throws {
        let path = try #require(TestNode.path)
        for symbol in NodeImage.symbols + ["_ZN2v87Isolate3NewERKNS0_12CreateParamsE", "no_such_symbol", "malloc"] {
            let image = try image(path)
            let byHash = try image.exports(symbol)
            let byScan = try image.exports(symbol, usingHash: false)
            #expect(byHash == byScan, "\(symbol)")
        }
        let image = try image(path)
        // Asked for by Node, defined by the C library.
        let definesMalloc = try image.exports("malloc")
        #expect(!definesMalloc)
    }

    @Test func otherFilesAreNotNode() throws {
        for path in ["/bin/sh", "/proc/self/exe", "/dev/null", "/etc/passwd", "/proc/self/status"] {
            #expect(try role(path) == nil, "\(path)")
        }
    }

    /// Every number in the headers may lie: no crash, no end of memory, and quick.
    @Test(.enabled(if: TestNode.isAvailable, Comment(rawValue: TestNode.skipReason)))
    func damagedFilesAreHarmless() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/damaged"
        let original = try Descriptor(opening: "/bin/sh")
        let bytes = try original.bytes(at: 0, count: 4 << 20)
        var random = SplitMix(state: 42)
        let tableOffset: UInt64 = try #require(LittleEndian(bytes)[0x28])
        for round in 0..<300 {
            var damaged = bytes
            if round % 5 == 0 { damaged.removeLast(Int(random.next() % UInt64(damaged.count))) }
            for _ in 0..<16 {
                // In the file's header or in the table of sections.
                let header = Int(random.next() % 64)
                let table = Int(tableOffset) + Int(random.next() % 2048)
                for position in [round % 2 == 0 ? header : table] where position > 5 && position < damaged.count {
                    damaged[position] = UInt8(truncatingIfNeeded: random.next())
                }
            }
            try write(damaged, to: path)
            _ = try? role(path)
            if let image = try? ELFImage(ImageFile(Descriptor(opening: path))) {
                _ = try? image.exports("malloc")
                _ = try? image.exports("malloc", usingHash: false)
                _ = try? image.firstMatch(of: "sh", inSection: ".rodata") { _ in nil as Int? }
            }
        }
    }

    @Test func versionAcrossChunks() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/image"
        for position in [0, 100, 262_100, 262_144 - 5, 262_144, 524_000, 600_000] {
            var data = [UInt8](repeating: 0x61, count: 600_100)
            data.replaceSubrange(position..<(position + 18), with: Array("node.js/v20.18.0\0x".utf8))
            try write(elf(rodata: data), to: path)
            let image = try image(path)
            let found = try image.firstMatch(of: "node.js/v", inSection: ".rodata") { match in
                String(decoding: match.prefix(16), as: UTF8.self)
            }
            #expect(found == "node.js/v20.18.0", "at \(position)")
        }
    }

    /// The least ELF file with a section of that name.
    private func elf(rodata: [UInt8]) -> [UInt8] {
        let names = Array("\0.rodata\0".utf8)
        func word<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian, Array.init)
        }
        func section(_ name: UInt32, _ type: UInt32, _ offset: Int, _ size: Int) -> [UInt8] {
            word(name) + word(type) + [UInt8](repeating: 0, count: 16) + word(UInt64(offset)) + word(UInt64(size))
                + [UInt8](repeating: 0, count: 24)
        }
        let tableOffset = 64
        let dataOffset = tableOffset + 2 * 64
        var header: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1] + [UInt8](repeating: 0, count: 34)
        header += word(UInt64(tableOffset)) + [UInt8](repeating: 0, count: 10)
        header += word(UInt16(64)) + word(UInt16(2)) + word(UInt16(0))
        return header + section(0, 3, dataOffset, names.count)
            + section(1, 1, dataOffset + names.count, rodata.count) + names + rodata
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(bytes) }
    }
}

private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
