/// The general registers of a stopped thread.
package struct Registers: Sendable, Equatable {
    /// On x86-64 in the order in which DWARF counts them, then rip, then the number of the system call: see clinux_ptrace.h.
    package var words: [UInt64]

    package init(words: [UInt64]) {
        self.words = words
    }

    #if arch(x86_64)
        private static let result = 0
        private static let frame = 6
        private static let stack = 7
        private static let instruction = 16
        private static let call = 17
        /// rdi, rsi, rdx, r10, r8, r9
        private static let arguments = [5, 4, 1, 10, 8, 9]
    #else
        // clinux_ptrace_registers gives none on other architectures.
        private static let result = 0
        private static let frame = 29
        private static let stack = 31
        private static let instruction = 32
        private static let call = 33
        private static let arguments = [0, 1, 2, 3, 4, 5]
    #endif

    package var framePointer: UInt64 {
        get { words[Self.frame] }
        set { words[Self.frame] = newValue }
    }
    package var stackPointer: UInt64 {
        get { words[Self.stack] }
        set { words[Self.stack] = newValue }
    }
    package var instructionPointer: UInt64 {
        get { words[Self.instruction] }
        set { words[Self.instruction] = newValue }
    }

    /// What a system call has returned.
    package var result: UInt64 { words[Self.result] }

    /// Where V8 passes a function to itself: rdi.
    package var calledFunction: UInt64 { words[Self.arguments[0]] }

    /// The system call that the thread is in, and what it was given; nil if it is in none.
    package var systemCall: (number: Int, arguments: [UInt64])? {
        let number = Int64(bitPattern: words[Self.call])
        return number < 0 ? nil : (Int(number), Self.arguments.map { words[$0] })
    }
}
