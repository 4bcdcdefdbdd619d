@testable import Inspector
