import Glibc
import Linux
import SystemPackage

/// A file with a process id in it, as services leave them below /run.
public enum PidFile {
    /// More than any process id with the space around it.
    private static let mostBytes = 64

    /// The same, from a file system that may not answer.
    /// - Parameter wait: passes the time. What it throws ends the reading.
    public static func read(_ path: String, wait: BoundedLook.Wait) throws -> Int32 {
        do {
            return try BoundedLook.run(at: getpid(), wait: wait) { try read(path) }
        } catch ProcessError.tookTooLong(_, let seconds) {
            throw PidFileError(path: path, reason: "it could not be read within \(seconds) s")
        }
    }

    /// - Returns: a positive number; whether there is such a process is another question.
    public static func read(_ path: String) throws(PidFileError) -> Int32 {
        guard let bytes = try bytes(path) else {
            throw PidFileError(path: path, reason: "it is not a regular file")
        }
        guard bytes.count <= mostBytes else {
            throw PidFileError(path: path, reason: "it holds more than a process id")
        }
        guard let pid = processID(bytes) else {
            // Not what it holds instead: the path may be a mistake, and the file a secret.
            throw PidFileError(
                path: path, reason: bytes.isEmpty ? "it is empty" : "it does not hold a process id alone")
        }
        return pid
    }

    /// `nil` where it is no regular file.
    private static func bytes(_ path: String) throws(PidFileError) -> [UInt8]? {
        do throws(Errno) {
            guard let file = try Descriptor(openingRegularFile: path) else { return nil }
            return try file.bytes(at: 0, count: mostBytes + 1)
        } catch {
            throw PidFileError(path: path, reason: "cannot read it: \(error)")
        }
    }

    /// A positive decimal number with white space around it, and nothing else.
    static func processID(_ bytes: [UInt8]) -> Int32? {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return nil }
        let digits = bytes[first...last]
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int32(String(decoding: digits, as: UTF8.self)).flatMap { $0 > 0 ? $0 : nil }
    }
}

/// Why a pid file names no process.
public struct PidFileError: Error, Sendable {
    public let path: String
    public let reason: String

    /// Safe for a terminal.
    public var message: String { "pid file \(TerminalText.escaped(path)): \(reason)" }
}
