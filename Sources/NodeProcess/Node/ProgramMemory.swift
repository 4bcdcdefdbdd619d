import ELF
import Glibc
import Linux
import SystemPackage

/// Static variables of a process's executable, by the names that its own symbol table (.symtab) has for them. Node's official
/// binaries have it; a stripped one has not.
struct ProgramMemory: ~Copyable {
    private let image: ELFImage
    private let memory: Descriptor
    /// How far from its own addresses the executable was loaded.
    private let bias: UInt64

    /// - Returns: nil for what is no ELF file.
    init?(_ pid: Int32) throws(Errno) {
        guard let image = try ELFImage(ImageFile(Descriptor(opening: "/proc/\(pid)/exe"))),
            let bias = try Self.bias(image.addressOfProgramHeaders, pid)
        else { return nil }
        memory = try Descriptor(opening: "/proc/\(pid)/mem")
        self.image = image
        self.bias = bias
    }

    /// In the process's memory; nil if nothing has that name.
    func address(of symbol: String) throws(Errno) -> UInt64? {
        try image.address(ofLocal: symbol).map { $0 &+ bias }
    }

    func bytes(at address: UInt64, count: Int) throws(Errno) -> LittleEndian {
        LittleEndian(try memory.bytes(at: address, count: count))
    }

    /// AT_PHDR of the auxiliary vector says where the program headers are.
    private static func bias(_ own: UInt64?, _ pid: Int32) throws(Errno) -> UInt64? {
        guard let own else { return nil }
        let vector = LittleEndian(try Descriptor(opening: "/proc/\(pid)/auxv").bytes(upTo: 4096))
        for base in stride(from: 0, to: vector.bytes.count, by: 16) {
            guard let key: UInt64 = vector[base], let value: UInt64 = vector[base + 8] else { return nil }
            if key == UInt64(AT_PHDR) { return value &- own }
        }
        return nil
    }
}
