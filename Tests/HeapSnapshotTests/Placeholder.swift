@testable import HeapSnapshot
