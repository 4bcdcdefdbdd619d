@testable import SnapshotWriter
