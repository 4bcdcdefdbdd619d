import ELF
import V8Metadata

/// The object that a piece of compiled JavaScript lies in, found from an address in the code: V8 puts it right before.
struct CompiledCode {
    private let objects: HeapObjects
    private let layout: V8Metadata.Code
    /// Tagged.
    private let code: UInt64
    /// In bytes from the first instruction.
    private let offset: Int

    /// Code begins at multiples of it.
    private static let alignment: UInt64 = 64
    /// How far before an address its code may begin: V8 does not compile larger functions.
    private static let mostBytes: UInt64 = 4 << 20

    /// nil where there is none, as for V8's builtins.
    init?(_ objects: HeapObjects, at address: UInt64) {
        let layout = objects.metadata.code
        let header = UInt64(layout.instructions)
        var start = address / Self.alignment * Self.alignment
        let end = start > Self.mostBytes ? start - Self.mostBytes : Self.alignment
        while start > end {
            // Code is mapped in one piece.
            guard let map = objects.memory.word(at: start &- header) else { return nil }
            if HeapObjects.isObject(map), objects.type(ofMap: map) == layout.streamType { break }
            start -= Self.alignment
        }
        let stream = start &- header &+ 1
        guard start > end, let code = layout.code.map({ objects.field(stream, $0) }) ?? stream else { return nil }
        offset = Int(address - start)
        if let size = layout.size {
            guard let size: Int32 = objects.memory.value(at: code &- 1 &+ UInt64(size)), offset < size else {
                return nil
            }
        }
        self.objects = objects
        self.layout = layout
        self.code = code
    }

    /// Where optimized code is in its source.
    struct Place {
        /// In UTF-16 units from the script's begin; nil where that is not known.
        let position: Int?
        /// The SharedFunctionInfo of the function that was inlined there; nil for the one that was compiled.
        let inlined: UInt64?
    }

    /// The functions that the address belongs to, the innermost inlined one first, the one that was compiled last. Empty for
    /// code that is not optimized.
    var places: [Place] {
        guard let data = objects.field(code, layout.deoptimization), objects.isArray(data),
            let table = objects.field(code, layout.positions),
            let value = SourcePositions(objects, table)?.value(at: offset)
        else { return [] }
        var places: [Place] = []
        var current: SourcePositions.Value? = value
        while let value = current, places.count < Self.deepest {
            guard let inlining = value.inlining else {
                return places + [Place(position: value.offset, inlined: nil)]
            }
            guard let inlined = self.inlining(inlining, data) else { return [] }
            places.append(Place(position: value.offset, inlined: inlined.function))
            current = inlined.call
        }
        return []
    }

    /// The SharedFunctionInfos of all functions that are inlined into optimized code; empty for other code.
    var inlined: [UInt64] {
        guard let data = objects.field(code, layout.deoptimization), objects.isArray(data),
            let count = objects.element(data, layout.inlinedCount).flatMap(HeapObjects.number),
            let literals = objects.element(data, layout.literals)
        else { return [] }
        return (0..<max(0, min(count, Self.deepest))).compactMap { objects.element(literals, $0) }.map { $0 & ~2 }
    }

    /// V8 inlines no deeper by far.
    private static let deepest = 64

    /// The offset in its bytecode that baseline code is at; nil for other code, and where no symbol tells how long bytecodes are.
    /// - Parameter bytecode: the function's, tagged.
    func bytecodeOffset(in bytecode: UInt64, isReturn: Bool) -> Int? {
        guard objects.field(code, layout.deoptimization) == bytecode, let sizes = objects.metadata.bytecodeSizes,
            let table = objects.field(code, layout.positions), let lengths = objects.byteArray(table),
            let size = objects.field(bytecode, 8).flatMap(HeapObjects.number), (1...Self.mostBytecodes).contains(size),
            let bytecodes = objects.memory.bytes(
                at: bytecode &- 1 &+ UInt64(objects.metadata.bytecode.data), count: size)
        else { return nil }
        return BaselineOffsets(lengths: lengths, bytecodes: bytecodes, sizes: sizes).offset(
            ofCode: offset + (isReturn ? 1 : 0))
    }

    private static let mostBytecodes = 1 << 20

    /// Which function it is, and where it was called.
    private func inlining(_ index: Int, _ data: UInt64) -> (function: UInt64, call: SourcePositions.Value)? {
        // A byte array of entries of 16 bytes: a position, and the number of a function among the literals.
        guard let count = objects.element(data, layout.inlinedCount).flatMap(HeapObjects.number),
            let table = objects.element(data, layout.inliningPositions),
            let size = objects.field(table, 8).flatMap(HeapObjects.number), index >= 0, (index + 1) * 16 <= size,
            let entry = objects.memory.bytes(at: table &- 1 &+ 16 &+ UInt64(index * 16), count: 16).map({
                LittleEndian($0)
            }),
            let call: UInt64 = entry[0], let function: Int32 = entry[8], function >= 0, function < count,
            let literals = objects.element(data, layout.literals),
            let shared = objects.element(literals, Int(function))
        else { return nil }
        // The reference may be a weak one.
        return (shared & ~2, SourcePositions.Value(call))
    }

    /// Whether it is a regular expression; only told where frames do not say it themselves.
    var isRegularExpression: Bool {
        guard let flags = layout.flags, let value: UInt32 = objects.memory.value(at: code &- 1 &+ UInt64(flags)) else {
            return false
        }
        return value & layout.kindMask == layout.regularExpressionKind
    }
}
