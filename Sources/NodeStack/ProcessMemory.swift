import ELF
import Linux
import SystemPackage

/// The memory of a stopped process, read through /proc/PID/mem. Pages are kept until `forget`: what is read while a thread stands
/// is read once.
final class ProcessMemory {
    private let file: Descriptor
    /// By number; nil for those that cannot be read.
    private var pages: [UInt64: [UInt8]?] = [:]
    private static let pageSize: UInt64 = 4096

    init(_ pid: Int32) throws(LinuxError) {
        file = try ProcFile(pid, "mem").open()
    }

    /// What was read is no longer true.
    func forget() { pages.removeAll(keepingCapacity: true) }

    /// Up to 1 MiB; nil if any of it cannot be read.
    func bytes(at address: UInt64, count: Int) -> [UInt8]? {
        guard count >= 0, count <= 1 << 20, address < 1 << 48 else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        while result.count < count {
            let place = address + UInt64(result.count)
            guard let page = page(place / Self.pageSize) else { return nil }
            let start = Int(place % Self.pageSize)
            result.append(contentsOf: page[start..<min(page.count, start + count - result.count)])
        }
        return result
    }

    func word(at address: UInt64) -> UInt64? {
        guard address < 1 << 48, let page = page(address / Self.pageSize) else { return nil }
        let start = Int(address % Self.pageSize)
        guard start + 8 <= page.count else { return bytes(at: address, count: 8).flatMap { LittleEndian($0)[0] } }
        return page.withUnsafeBytes {
            UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        }
    }

    func value<Value: FixedWidthInteger>(at address: UInt64, as type: Value.Type = Value.self) -> Value? {
        bytes(at: address, count: MemoryLayout<Value>.size).flatMap { LittleEndian($0)[0] }
    }

    /// Up to a zero byte; nil if any of it cannot be read.
    func text(at address: UInt64, most: Int) -> [UInt8]? {
        var text: [UInt8] = []
        while text.count < most {
            let place = address &+ UInt64(text.count)
            guard place < 1 << 48, let page = page(place / Self.pageSize) else { return nil }
            let rest = page[Int(place % Self.pageSize)...]
            if let end = rest.firstIndex(of: 0) { return text + rest[..<end] }
            text += rest
        }
        return text
    }

    private func page(_ number: UInt64) -> [UInt8]? {
        if let known = pages[number] { return known }
        let bytes = try? file.bytes(at: number * Self.pageSize, count: Int(Self.pageSize))
        let page = bytes?.count == Int(Self.pageSize) ? bytes : nil
        pages[number] = .some(page)
        return page
    }
}
