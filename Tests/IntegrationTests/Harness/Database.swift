import Foundation
import Testing

/// A database that heapdump exported, read by another build of SQLite: Python's.
struct Database {
    let path: String

    private static let script = """
        import json, sqlite3, sys
        database = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
        *first, last = [statement for statement in sys.argv[2].split(";") if statement.strip()]
        for statement in first:
            database.execute(statement)
        cursor = database.execute(last)
        names = [column[0] for column in cursor.description]
        print(json.dumps([dict(zip(names, row)) for row in cursor]))
        """

    /// - Parameter sql: statements, of which the last one has a result.
    func rows(_ sql: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [[String: Any]] {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let run = try Command(["python3", "-c", Self.script, path, sql], in: directory).run()
        run.expect(exit: 0, sourceLocation: sourceLocation)
        return try #require(try JSONSerialization.jsonObject(with: run.output) as? [[String: Any]], "\(run)")
    }

    /// The one value of a result.
    func value<Value>(_ sql: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Value {
        let rows = try rows(sql, sourceLocation: sourceLocation)
        return try #require(rows.first?.values.first as? Value, "\(rows)", sourceLocation: sourceLocation)
    }

    func expectIntegrity(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let verdict: String = try value("PRAGMA integrity_check", sourceLocation: sourceLocation)
        #expect(verdict == "ok", sourceLocation: sourceLocation)
    }

    init(path: String) {
        self.path = path
    }

    /// Exports a snapshot in a directory.
    init(of file: String, in directory: TemporaryDirectory, sourceLocation: SourceLocation = #_sourceLocation) throws {
        path = directory(file + ".db")
        let run = try Heapdump.run(["export", file, "--sqlite", file + ".db"], in: directory)
        run.expect(exit: 0, sourceLocation: sourceLocation)
        #expect(run.stdout == path + "\n" && run.stderr.isEmpty, "\(run)", sourceLocation: sourceLocation)
    }
}
