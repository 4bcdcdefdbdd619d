import HeapSnapshot

extension LeakSuspect {
    /// What people search for by a name of its own.
    public enum Pattern: Sendable, Equatable {
        /// Functions that an emitter calls, by the event's name; nil where the heap does not tell it, as with an EventTarget's.
        case listeners(event: String?)
        case timers
        case promises
        /// Short pieces that keep the long strings alive from which they were cut.
        case slicedStrings
        case arrayBuffers
        /// An array, Map or Set with room for far more than it has: about so many places, of which so many lead to objects. Numbers do
        /// not show in a heap.
        case spareCapacity(used: UInt64, places: UInt64)
    }
}

extension LeakSuspect.Pattern {
    static let buffers: Set<String> = [
        "ArrayBuffer", "SharedArrayBuffer", "Buffer", "FastBuffer", "DataView", "system / JSArrayBufferData",
        "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
        "Float16Array",
        "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array",
    ]
    /// Of the text that slices keep, what they are themselves, where they are what keeps it.
    private static let sliceShare = 0.5

    /// - Parameters:
    ///   - sizes: in bytes, of what some of the objects' names say together, and of what they retain; asked for of slices alone.
    init?(className: String, path: RetainingPath, sizes: () -> (text: Int, retained: UInt64)) {
        let edges = path.steps.compactMap(\.edge)
        let isEmitter = edges.count > 1 && edges[edges.count - 2] == "._events"
        if isEmitter, className == "Function" || className == "Object" {
            self = .listeners(event: edges.last.map(Self.propertyName))
        } else if className == "Listener", edges.suffix(5).contains("[\"<symbol kEvents>\"]") {
            self = .listeners(event: nil)
        } else if className == "Timeout" || className == "Immediate" {
            self = .timers
        } else if className == "Promise" {
            self = .promises
        } else if className == "(sliced string)" {
            let (text, retained) = sizes()
            guard Double(text) < Self.sliceShare * Double(retained) else { return nil }
            self = .slicedStrings
        } else if Self.buffers.contains(className) {
            self = .arrayBuffers
        } else {
            return nil
        }
    }

    /// `.price` is price, and `["a b"]` is a b.
    private static func propertyName(_ edge: String) -> String {
        if edge.hasPrefix("["), edge.hasSuffix("]") {
            let inside = edge.dropFirst().dropLast()
            return inside.hasPrefix("\"") && inside.hasSuffix("\"") && inside.count > 1
                ? String(inside.dropFirst().dropLast()) : String(inside)
        }
        return edge.hasPrefix(".") ? String(edge.dropFirst()) : edge
    }
}
