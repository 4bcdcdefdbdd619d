import Glibc
import Linux
import SystemPackage
import Testing

@testable import ELF
@testable import NodeProcess

/// Executables whose owner has made them as large as a file can be: little of them is read.
@Suite struct HostileImageTests {
    /// What of a file is 1 TiB of zeros, or endless in another way.
    enum Hostility: CaseIterable {
        case readOnlyData
        case symbols
        case strings
        case names
        case interpreter
        case hashChain
        case manySections
    }

    @Test(arguments: Hostility.allCases)
    func readsABoundedPart(_ hostility: Hostility) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/image"
        try write(hostility, to: path)
        let file = ImageFile(try Descriptor(opening: path))
        let role = try NodeImage.role(of: file, ProcFile(getpid(), "exe"))
        #expect(file.bytesRead > 64)
        #expect(file.bytesRead < 512 << 20, "\(file.bytesRead)")
        // What is beyond the bounds only does not hide that it is Node.
        if hostility == .readOnlyData || hostility == .interpreter {
            guard case .node? = role else {
                Issue.record("\(String(describing: role))")
                return
            }
        }
    }

    /// What looks like a version and is none is looked into a bounded number of times.
    @Test func aSectionOfNothingButMatchesIsGivenUp() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/image"
        var image = TinyImage()
        image.readOnlyData = [UInt8](repeating: UInt8(ascii: "v"), count: 1 << 20)
        try image.write(to: path)
        guard let elf = try ELFImage(ImageFile(Descriptor(opening: path))) else {
            Issue.record("it is no ELF file")
            return
        }
        var looks = 0
        let found: Bool? = try elf.firstMatch(of: "v", inSection: ".rodata") { _ -> Bool? in
            looks += 1
            return nil
        }
        #expect(found == nil)
        #expect(looks > 0)
        #expect(looks < 10_000)
    }

    @Test func aProgramThatImportsNodeStartIsNotNodeItself() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/image"
        try TinyImage(isDefined: false).write(to: path)
        #expect(try role(of: path) == .starter)
        try TinyImage().write(to: path)
        #expect(
            try role(of: path) == .node(.init(number: NodeVersion(major: 20, minor: 18, patch: 0), libc: nil)))
        try TinyImage(symbols: ["_ZN4node5StartEiPPcX", "_ZN2v87Isolate10GetCurrentEv"], isDefined: false)
            .write(to: path)
        #expect(try role(of: path) == nil)
        try TinyImage(symbols: ["_ZN2v87Isolate10GetCurrentEv"]).write(to: path)
        #expect(try role(of: path) == nil)
    }

    /// After many large files the rest are told by their symbols alone.
    @Test func isFrugalAfterMuchReading() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/image"
        try TinyImage().write(to: path)
        let cache = NodeImageCache(generousBytes: 0)
        let role = try cache.role(of: Descriptor(opening: path), ProcFile(getpid(), "exe"))
        #expect(role == .node(.init(number: nil, libc: nil)))
        for hostility in Hostility.allCases {
            try write(hostility, to: path)
            let file = ImageFile(try Descriptor(opening: path), .frugal)
            _ = try NodeImage.role(of: file, ProcFile(getpid(), "exe"))
            #expect(file.bytesRead < 16 << 20, "\(hostility): \(file.bytesRead)")
        }
    }

    private func role(of path: String) throws -> NodeImage.Role? {
        try NodeImage.role(of: ImageFile(Descriptor(opening: path)), ProcFile(getpid(), "exe"))
    }

    private func write(_ hostility: Hostility, to path: String) throws {
        var image = TinyImage()
        let huge: UInt64 = 1 << 40
        switch hostility {
        case .readOnlyData: image.sizes[".rodata"] = huge
        case .symbols: image.sizes[".dynsym"] = huge
        case .strings: image.sizes[".dynstr"] = huge
        case .names: image.sizes[".shstrtab"] = huge
        case .interpreter: image.sizes[".interp"] = huge
        case .hashChain: image.endlessHash = true
        case .manySections: image.declaredSections = .max
        }
        try image.write(to: path)
    }
}

/// An ELF file with what makes one Node, and with sections that may end far beyond its data.
struct TinyImage {
    var symbols = ["_ZN4node5StartEiPPc", "_ZN2v87Isolate10GetCurrentEv"]
    var isDefined = true
    var readOnlyData = Array("node.js/v20.18.0\0".utf8)
    /// By name of the section: what its header says, with the file being as large. Its data comes last then.
    var sizes: [String: UInt64] = [:]
    /// A hash table of one chain, whose end never comes.
    var endlessHash = false
    var declaredSections: UInt16?

    func write(to path: String) throws {
        let names = [".shstrtab", ".dynsym", ".dynstr", ".rodata", ".interp"] + (endlessHash ? [".gnu.hash"] : [])
        var strings: [UInt8] = [0]
        var table = [UInt8](repeating: 0, count: 24)
        for symbol in symbols {
            table += word(UInt32(strings.count)) + [0x12, 0] + word(UInt16(isDefined ? 1 : 0))
            table += [UInt8](repeating: 0, count: 16)
            strings += Array(symbol.utf8) + [0]
        }
        let nameBytes = Array(("\0" + names.joined(separator: "\0") + "\0").utf8)
        let contents: [String: [UInt8]] = [
            ".shstrtab": nameBytes, ".dynsym": table, ".dynstr": strings, ".rodata": readOnlyData,
            ".interp": [0],
            ".gnu.hash": word(UInt32(1)) + word(UInt32(0)) + word(UInt32(0)) + word(UInt32(0)) + word(UInt32(0)),
        ]
        let types: [String: UInt32] = [".shstrtab": 3, ".dynsym": 11, ".dynstr": 3, ".gnu.hash": 0x6FFF_FFF6]
        let links: [String: UInt32] = [".dynsym": 3, ".gnu.hash": 2]
        let tableOffset: UInt64 = 64
        var offset = tableOffset + UInt64(names.count + 1) * 64
        var headers = [UInt8](repeating: 0, count: 64)
        var data: [(UInt64, [UInt8])] = []
        for (index, name) in names.enumerated() {
            let bytes = contents[name] ?? []
            let size = sizes[name] ?? (name == ".gnu.hash" ? 1 << 40 : UInt64(bytes.count))
            let start = names[..<index].reduce(1) { $0 + $1.utf8.count + 1 }
            headers += word(UInt32(start)) + word(types[name] ?? 1) + [UInt8](repeating: 0, count: 16)
            headers += word(offset) + word(size) + word(links[name] ?? 0) + [UInt8](repeating: 0, count: 20)
            data.append((offset, bytes))
            offset += max(size, UInt64(bytes.count))
        }
        var header: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1] + [UInt8](repeating: 0, count: 34)
        header += word(tableOffset) + [UInt8](repeating: 0, count: 10)
        header += word(UInt16(64)) + word(declaredSections ?? UInt16(names.count + 1)) + word(UInt16(1))
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter {
            _ = try file.writeAll(toAbsoluteOffset: 0, header + headers)
            for (offset, bytes) in data { _ = try file.writeAll(toAbsoluteOffset: Int64(offset), bytes) }
            guard ftruncate(file.rawValue, off_t(offset + 4096)) == 0 else { throw Errno(rawValue: errno) }
        }
    }

    private func word<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian, Array.init)
    }
}
