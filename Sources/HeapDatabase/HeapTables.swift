/// The tables that a heap is exported to. docs/sql.md describes them to those who query them.
public enum HeapTables {
    /// Of the tables and columns: a change that breaks queries raises it.
    public static let version = 1
    /// "HpDp" in the file's header, by which `heapdump check` knows a database of its own.
    static let applicationID = 0x4870_4470

    public static let creation = """
        CREATE TABLE snapshot (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE nodes (
            id INTEGER PRIMARY KEY, type TEXT, name TEXT, class TEXT, shallow_size INTEGER, retained_size INTEGER,
            distance INTEGER, dominator_id INTEGER);
        CREATE TABLE edges (from_id INTEGER, to_id INTEGER, type TEXT, name);
        CREATE TABLE classes (
            name TEXT, script_id INTEGER, script TEXT, line INTEGER, "column" INTEGER, count INTEGER,
            shallow_size INTEGER, retained_size INTEGER, distance INTEGER, hidden INTEGER);
        CREATE TABLE suspects (
            rank INTEGER PRIMARY KEY, kind TEXT, class TEXT, count INTEGER, retained_size INTEGER, share REAL,
            holder_id INTEGER, path TEXT, sentence TEXT);
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(version);
        """

    public static let snapshot = "INSERT INTO snapshot VALUES (?, ?)"
    public static let nodes = "INSERT INTO nodes VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    public static let edges = "INSERT INTO edges VALUES (?, ?, ?, ?)"
    public static let classes = "INSERT INTO classes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    public static let suspects = "INSERT INTO suspects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"

    /// Made when all rows are there: sorting them once takes less time than keeping them sorted.
    public static let indexes = [
        "CREATE INDEX edges_from ON edges (from_id)", "CREATE INDEX edges_to ON edges (to_id)",
        "CREATE INDEX nodes_class ON nodes (class)", "CREATE INDEX nodes_dominator ON nodes (dominator_id)",
    ]
}
