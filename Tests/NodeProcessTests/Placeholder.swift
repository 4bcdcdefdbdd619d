@testable import NodeProcess
