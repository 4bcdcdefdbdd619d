import Linux
import V8Metadata

/// What V8's frames say of the functions that run in them.
struct FunctionReader {
    private let objects: HeapObjects
    private let scripts: ScriptLines
    private var metadata: V8Metadata { objects.metadata }

    /// Whether an address is in code that V8 has compiled, and not in a file.
    private let isCompiledCode: (UInt64) -> Bool

    init(_ objects: HeapObjects, isCompiledCode: @escaping (UInt64) -> Bool) {
        self.objects = objects
        self.isCompiledCode = isCompiledCode
        scripts = ScriptLines(objects)
    }

    /// What is in a frame of code that V8 made.
    enum Content: Equatable {
        /// The innermost first: all but the last are inlined.
        case functions([StackFrame])
        case regularExpression
        case webAssembly
        /// Between the others, on V8's own behalf.
        case plumbing
    }

    /// - Parameter isCompiled: whether the code is V8's compilers', and not in the executable.
    /// - Returns: nil where nothing fits.
    func content(of frame: Unwinder.Frame, isCompiled: Bool) -> Content? {
        let pointer = frame.registers.framePointer
        let compiled = isCompiled ? CompiledCode(objects, at: frame.code) : nil
        if compiled?.isRegularExpression == true { return .regularExpression }
        if frame.isUnfinished { return beginning(frame) }
        // What the innermost function has not pushed yet is left from an earlier call.
        let isPushed = frame.isReturn || pointer &+ offset(metadata.frame.function) >= frame.registers.stackPointer
        guard isPushed, let marker = slot(pointer, metadata.frame.contextOrType) else { return nil }
        if marker & 1 == 0 {
            guard let type = metadata.frame.types[marker >> 1] else { return nil }
            if type == "Irregexp" { return .regularExpression }
            return type.hasPrefix("Wasm") ? .webAssembly : .plumbing
        }
        guard let closure = slot(pointer, metadata.frame.function),
            let shared = objects.field(closure, metadata.function.shared), isShared(shared)
        else { return nil }
        if let places = compiled?.places, !places.isEmpty {
            let functions = places.compactMap { function(in: $0, of: shared) }
            if functions.count == places.count { return .functions(functions) }
        }
        var outermost = function(shared, at: position(pointer, frame, isCompiled: isCompiled, compiled))
        if !outermost.isExact { outermost.mayBeIn = names(of: compiled?.inlined ?? []) }
        return .functions([outermost])
    }

    /// A function that is called has itself in a register until its frame is made.
    private func beginning(_ frame: Unwinder.Frame) -> Content? {
        guard let shared = objects.field(frame.registers.calledFunction, metadata.function.shared), isShared(shared)
        else {
            return nil
        }
        return .functions([function(shared, at: nil)])
    }

    private func slot(_ pointer: UInt64, _ offset: Int) -> UInt64? {
        objects.memory.word(at: pointer &+ self.offset(offset))
    }

    private func offset(_ offset: Int) -> UInt64 { UInt64(bitPattern: Int64(offset)) }

    /// V8's middle compiler, Maglev, keeps no table that tells inlined functions apart before V8 14.
    private func names(of inlined: [UInt64]) -> [String] {
        var names: [String] = []
        for shared in inlined where isShared(shared) {
            if let name = nameAndBegin(shared).name, !names.contains(name) { names.append(name) }
        }
        return names
    }

    private func isShared(_ object: UInt64) -> Bool { objects.type(of: object) == metadata.types.sharedFunctionInfo }

    private func function(in place: CompiledCode.Place, of compiled: UInt64) -> StackFrame? {
        guard let inlined = place.inlined else { return function(compiled, at: place.position) }
        guard isShared(inlined) else { return nil }
        var function = function(inlined, at: place.position)
        function.isInlined = true
        return function
    }

    private func function(_ shared: UInt64, at place: Int?) -> StackFrame {
        let (name, begin) = nameAndBegin(shared)
        guard let script = script(of: shared) else { return StackFrame(kind: .builtin, function: name) }
        let file = objects.field(script, metadata.script.name).flatMap { objects.text($0, most: 4096) }
        // V8 shows functions of WebAssembly as scripts with an address of their own.
        let isWasm = file?.hasPrefix("wasm://") ?? false
        var function = StackFrame(kind: isWasm ? .wasm : .javascript, function: name, file: file)
        let exact = place.flatMap { scripts.position(of: $0, in: script) }
        let position = exact ?? begin.flatMap { scripts.position(of: $0, in: script) }
        function.line = position?.line
        function.column = position?.column
        function.isExact = exact != nil
        return function
    }

    /// A function's name, nil if it has none, and where its text begins in the script, in UTF-16 units.
    private func nameAndBegin(_ shared: UInt64) -> (name: String?, begin: Int?) {
        guard let named = objects.field(shared, metadata.function.nameOrScopeInfo) else { return (nil, nil) }
        let isScope = objects.type(of: named) == metadata.types.scopeInfo
        let scope = isScope ? ScopeReader(objects, named) : nil
        let name = scope?.name ?? objects.text(named) ?? ""
        return (name.isEmpty ? nil : name, scope?.begin)
    }

    /// A debugger puts an object of its own between the two, with the script in the same place.
    private func script(of shared: UInt64) -> UInt64? {
        guard let object = objects.field(shared, metadata.function.script) else { return nil }
        if objects.type(of: object) == metadata.types.script { return object }
        guard let inner = objects.field(object, metadata.function.debuggedShared), isShared(inner),
            let script = objects.field(inner, metadata.function.script),
            objects.type(of: script) == metadata.types.script
        else { return nil }
        return script
    }

    /// Where in its script a function is that runs bytecode or baseline code, in UTF-16 units; nil for optimized ones, and where V8
    /// has kept no table.
    private func position(
        _ pointer: UInt64, _ frame: Unwinder.Frame, isCompiled: Bool, _ compiled: CompiledCode?
    ) -> Int? {
        guard let bytecode = slot(pointer, metadata.frame.bytecodeArray),
            objects.type(of: bytecode) == metadata.types.bytecodeArray,
            let table = objects.field(bytecode, metadata.bytecode.positions)
        else { return nil }
        // A frame of compiled code keeps in the interpreter's place whatever was there before.
        let offset =
            isCompiled
            ? compiled?.bytecodeOffset(in: bytecode, isReturn: frame.isReturn)
            : calledFromBaseline(frame, bytecode) ?? interpretedOffset(pointer, frame, bytecode)
        guard let offset else { return nil }
        return SourcePositions(objects, table)?.value(at: offset)?.offset
    }

    /// Baseline code calls many of V8's builtins that make no frame: where such a one returns to is on top of the stack.
    private func calledFromBaseline(_ frame: Unwinder.Frame, _ bytecode: UInt64) -> Int? {
        guard !frame.isReturn else { return nil }
        for place in 0..<Self.topWords {
            guard let address = objects.memory.word(at: frame.registers.stackPointer &+ UInt64(place * 8)) else {
                return nil
            }
            guard isCompiledCode(address), let code = CompiledCode(objects, at: address &- 1) else { continue }
            return code.bytecodeOffset(in: bytecode, isReturn: true)
        }
        return nil
    }

    /// A builtin without a frame keeps little on the stack.
    private static let topWords = 6

    private func interpretedOffset(_ pointer: UInt64, _ frame: Unwinder.Frame, _ bytecode: UInt64) -> Int? {
        // Counted from the array's tagged pointer.
        let first = metadata.bytecode.data - 1
        // The frame has what it was at the last call; the interpreter itself has it in registers.
        let registers = frame.registers.words
        if !frame.isReturn, registers[metadata.frame.bytecodeArrayRegister] == bytecode,
            let held = Int(exactly: registers[metadata.frame.bytecodeOffsetRegister]), held < 1 << 30
        {
            return held - first
        }
        return slot(pointer, metadata.frame.bytecodeOffset).flatMap(HeapObjects.number).map { $0 - first }
    }
}
