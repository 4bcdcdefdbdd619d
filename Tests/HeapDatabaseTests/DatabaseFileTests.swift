import Foundation
import Testing

@testable import HeapDatabase

/// Databases in files that have no name, and on disks that are full.
struct DatabaseFileTests {
    /// - Parameter openScratch: of a descriptor that becomes SQLite's.
    private func withFile(
        openScratch: @escaping () -> Int32 = { open("/tmp", O_RDWR | __O_TMPFILE | O_DIRECTORY, 0o600) },
        _ body: (Int32, DatabaseFile) throws -> Void
    ) throws {
        var template = Array((NSTemporaryDirectory() + "/heapdump-database-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        #expect(descriptor >= 0)
        defer { close(descriptor) }
        // Nothing goes by the name.
        unlink(template)
        try body(descriptor, DatabaseFile(descriptor: descriptor, openTemporary: openScratch))
    }

    /// What `sqlite3` of the machine's Python reads of it.
    private func query(_ descriptor: Int32, _ sql: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let script = """
            import shutil, sqlite3, sys, tempfile
            with tempfile.NamedTemporaryFile() as copy:
                shutil.copyfile(sys.argv[1], copy.name)
                print(sqlite3.connect(copy.name).execute(sys.argv[2]).fetchall())
            """
        process.arguments = ["python3", "-c", script, "/proc/\(getpid())/fd/\(descriptor)", sql]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    @Test func holdsWhatWasInserted() throws {
        try withFile { descriptor, database in
            try database.run("CREATE TABLE t (a, b)")
            let statement = try database.prepare("INSERT INTO t VALUES (?, ?)")
            func insert(_ bind: () -> Void) throws {
                bind()
                try statement.insert()
            }
            try insert {
                statement.bind(1, Int64.min); statement.bind(2, "é\0x")
            }
            try insert {
                statement.bind(1, UInt64.max); statement.bind(2, "")
            }
            try insert {
                statement.bind(1, 0.5); statement.bind(2, nil as String?)
            }
            try insert {
                statement.bind(1, nil as UInt64?); statement.bind(2, UnsafeBufferPointer(start: nil, count: 0))
            }
            try Array("text".utf8).withUnsafeBufferPointer { text in
                try insert {
                    statement.bind(1, 7 as UInt64?); statement.bind(2, text)
                }
            }
            try database.finish()
            let rows = try query(descriptor, "SELECT a, b FROM t ORDER BY rowid")
            #expect(
                rows == "[(-9223372036854775808, 'é\\x00x'), (-1, ''), (0.5, None), (None, ''), (7, 'text')]", "\(rows)"
            )
            #expect(try query(descriptor, "PRAGMA integrity_check") == "[('ok',)]")
        }
    }

    /// In temporary files, which are given back.
    @Test func sortsMoreThanItKeepsInMemory() throws {
        nonisolated(unsafe) var opened: [Int32] = []
        let openScratch: () -> Int32 = {
            let descriptor = open("/tmp", O_RDWR | __O_TMPFILE | O_DIRECTORY, 0o600)
            opened.append(descriptor)
            return descriptor
        }
        try withFile(openScratch: openScratch) { descriptor, database in
            try database.run("CREATE TABLE t (a)")
            let statement = try database.prepare("INSERT INTO t VALUES (?)")
            var number: UInt64 = 1
            let count = 400_000
            for _ in 0..<count {
                number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                statement.bind(1, "\(number)" + String(repeating: "x", count: 200))
                try statement.insert()
            }
            try database.run("CREATE INDEX i ON t (a)")
            try database.finish()
            #expect(!opened.isEmpty && opened.allSatisfy { $0 >= 0 })
            #expect(opened.allSatisfy { fcntl($0, F_GETFD) == -1 }, "closed")
            #expect(try query(descriptor, "SELECT count(*) FROM t INDEXED BY i WHERE a >= ''") == "[(\(count),)]")
            #expect(try query(descriptor, "PRAGMA integrity_check") == "[('ok',)]")
        }
    }

    @Test func saysWhatTheSystemSays() throws {
        // Writing to it fails.
        let full = open("/dev/full", O_RDWR)
        defer { close(full) }
        #expect(throws: DatabaseFile.Failure.system(ENOSPC)) {
            let database = try DatabaseFile(descriptor: full) { -1 }
            try database.run("CREATE TABLE t (a)")
            try database.finish()
        }
        let readOnly = open("/dev/null", O_RDONLY)
        defer { close(readOnly) }
        #expect(throws: DatabaseFile.Failure.system(EBADF)) {
            let database = try DatabaseFile(descriptor: readOnly) { -1 }
            try database.run("CREATE TABLE t (a)")
            try database.finish()
        }
    }

    @Test func tellsAConflictFromOtherErrors() throws {
        try withFile { _, database in
            try database.run("CREATE TABLE t (a INTEGER PRIMARY KEY)")
            try database.run("INSERT INTO t VALUES (1)")
            #expect(throws: DatabaseFile.Failure.conflict) { try database.run("INSERT INTO t VALUES (1)") }
            #expect(throws: DatabaseFile.Failure.other("no such table: u")) {
                try database.run("INSERT INTO u VALUES (1)")
            }
            #expect(throws: DatabaseFile.Failure.other("no such table: u")) {
                _ = try database.prepare("DELETE FROM u")
            }
        }
    }
}
