import HeapSnapshot

/// Texts that mean something to the analysis, one byte a string: loops over edges and nodes compare a number.
enum TextTag: UInt8 {
    case none, empty
    case nativeContext, mapDescriptors, sloppyFunctionMap, array, object, elements, first, second, proto
    case externalStringData, arrayBufferData, documentDOMTrees
    case map, globalObject
    case context, previous, shared, script, truncated, value, length, hash, bool, int, isTrue
    case sourceTextModule, cell, generator, nodeWorker, proxy
    case timeout, immediate, promise, promiseReaction, listener, mapObject, setObject, arrayBuffer, sharedArrayBuffer
    case events, onTimeout, onImmediate, parent, next, buffer
    /// An edge of a WeakMap: see `WeakMapPair`.
    case weakMapPair
    /// "<div id=…": the class is the tag alone.
    case markup
    /// "Detached <div id=…".
    case detachedMarkup
    /// "system / Context…": what a function's variables live in that other functions see.
    case functionContext

    private static let exact: [(StaticString, TextTag)] = [
        ("", .empty), ("system / NativeContext", .nativeContext), ("(map descriptors)", .mapDescriptors),
        ("sloppy_function_map", .sloppyFunctionMap), ("Array", .array), ("Object", .object), ("elements", .elements),
        ("first", .first), ("second", .second), ("__proto__", .proto),
        ("system / ExternalStringData", .externalStringData), ("system / JSArrayBufferData", .arrayBufferData),
        ("(Document DOM trees)", .documentDOMTrees), ("map", .map), ("global_object", .globalObject),
        ("context", .context), ("previous", .previous), ("shared", .shared), ("script", .script),
        ("script_or_debug_info", .script), ("truncated", .truncated),
        ("value", .value), ("system / SourceTextModule", .sourceTextModule), ("system / Cell", .cell),
        ("system / JSProxy", .proxy), ("Timeout", .timeout), ("Immediate", .immediate),
        ("Promise", .promise), ("system / PromiseReaction", .promiseReaction), ("Listener", .listener),
        ("Map", .mapObject), ("Set", .setObject), ("ArrayBuffer", .arrayBuffer),
        ("SharedArrayBuffer", .sharedArrayBuffer), ("_events", .events), ("_onTimeout", .onTimeout),
        ("_onImmediate", .onImmediate), ("parent", .parent),
        ("next", .next), ("buffer", .buffer),
        ("Generator", .generator), ("Node / Worker", .nodeWorker),
        ("length", .length), ("hash", .hash), ("bool", .bool), ("int", .int), ("true", .isTrue),
    ]

    /// By the texts' lengths.
    static let byLength: [[(StaticString, TextTag)]] = {
        var table = [[(StaticString, TextTag)]](repeating: [], count: longest + 1)
        for entry in exact { table[entry.0.utf8CodeUnitCount].append(entry) }
        return table
    }()
    private static let longest = exact.map(\.0.utf8CodeUnitCount).max() ?? 0
}

/// The tags of all strings, and what the names of WeakMaps' edges say.
struct TextTags: Sendable {
    private let tags: Column<UInt8>
    let pairs: WeakMapPairs

    /// - Returns: nil where there is no memory.
    init?(_ strings: StringColumn) {
        guard let tags = Column<UInt8>(count: strings.count) else { return nil }
        let names = PairNames(strings, tags)
        guard let pairs = WeakMapPairs(strings, names: names.indices) else { return nil }
        self.tags = tags
        self.pairs = pairs
    }

    @inline(__always)
    subscript(name: UInt32) -> TextTag { TextTag(rawValue: tags.base[Int(name)]) ?? .none }

    var pointer: UnsafeMutablePointer<UInt8> { tags.base }
}

private struct PairNames {
    private(set) var indices: [UInt32] = []

    /// - Parameter tags: gets those of all strings.
    init(_ strings: StringColumn, _ tags: Column<UInt8>) {
        let table = TextTag.byLength
        for index in 0..<strings.count {
            let text = strings[index]
            if text.count < table.count {
                for (known, tag) in table[text.count] where text.elementsEqual(Self.bytes(known)) {
                    tags.base[index] = tag.rawValue
                }
                if tags.base[index] != 0 { continue }
            }
            guard let first = text.first else { continue }
            switch first {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if WeakMapPairName(text) != nil {
                    tags.base[index] = TextTag.weakMapPair.rawValue
                    indices.append(UInt32(index))
                }
            case UInt8(ascii: "<"): tags.base[index] = TextTag.markup.rawValue
            case UInt8(ascii: "s"):
                if text.starts(with: "system / Context".utf8) { tags.base[index] = TextTag.functionContext.rawValue }
            case UInt8(ascii: "D"):
                if text.starts(with: "Detached <".utf8) { tags.base[index] = TextTag.detachedMarkup.rawValue }
            default: break
            }
        }
    }

    private static func bytes(_ text: StaticString) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }
}
