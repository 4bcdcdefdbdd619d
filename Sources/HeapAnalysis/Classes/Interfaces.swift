import HeapSnapshot

/// A list of properties that many plain objects have: DevTools makes a class of them, `{a, b}`.
public struct Interface: Sendable, Equatable {
    public let name: [UInt8]
    /// UTF-8 or WTF-8.
    public let properties: [[UInt8]]
}

/// Finds the interfaces of a heap's plain objects (`inferInterfaceDefinitions`).
enum InterfaceInference {
    /// In UTF-16 code units. A name goes beyond it for its first property alone.
    private static let longestName = 120
    private static let leastObjects = 2.0
    /// One of so many plain objects must have it. Older versions of DevTools had a limit to the number of interfaces instead.
    private static let objectsPerInterface = 1000.0

    private struct Candidate {
        let interface: Interface
        var count: UInt64
    }

    static func interfaces(_ graph: HeapGraph, _ shapes: ObjectShapes) -> [Interface] {
        var candidates: [Candidate] = []
        var places: [[UInt8]: Int] = [:]
        for shape in shapes.shapes {
            guard let interface = interface(graph, shape) else { continue }
            if let place = places[interface.name] {
                candidates[place].count += shape.count
            } else {
                places[interface.name] = candidates.count
                candidates.append(Candidate(interface: interface, count: shape.count))
            }
        }
        let least = max(leastObjects, Double(shapes.objectCount) / objectsPerInterface)
        // Stable, as JavaScript's sort: among equals those of the earlier objects go first.
        return candidates.enumerated()
            .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
            .map(\.element)
            .prefix { Double($0.count) >= least }
            .map(\.interface)
    }

    /// nil for an object without properties.
    private static func interface(_ graph: HeapGraph, _ shape: ObjectShapes.Shape) -> Interface? {
        var name: [UInt8] = [UInt8(ascii: "{")]
        var length = 1
        var properties: [[UInt8]] = []
        for index in shape.properties where graph.tags[index] != .proto {
            let property = Array(graph.columns.strings[Int(index)])
            let formatted = format(property)
            let more = JavaScriptText.length(formatted)
            if length > 1, length + more > longestName { break }
            if length != 1 {
                name += Array(", ".utf8)
                length += 2
            }
            name += formatted
            length += more
            properties.append(property)
        }
        guard !properties.isEmpty else { return nil }
        return Interface(name: name + [UInt8(ascii: "}")], properties: properties)
    }

    private static let special = Set(",'\"{}".utf8)

    /// Names with characters that have a meaning here are quoted.
    static func format(_ property: [UInt8]) -> [UInt8] {
        property.contains(where: special.contains) ? JavaScriptText.quoted(property) : property
    }
}

/// Finds the interface of each shape: the one with most properties of those whose properties it all has (`applyInterfaceDefinitions`).
struct InterfaceMatching {
    private struct State {
        var next: [Int: Int] = [:]
        var match: Match?
        /// No property beyond leads further.
        var greatestNext = -1
    }

    private struct Match {
        let interface: Int
        let propertyCount: Int
    }

    private let graph: HeapGraph
    private let interfaces: [Interface]
    private var states = [State()]
    /// The properties of all interfaces, in JavaScript's order of texts.
    private var ranks: [[UInt8]: Int] = [:]
    /// The rank of each string that was asked for, from 1; `noRank` where it is no interface's; 0 where it was not.
    private let rankOfString: Column<UInt32>?
    private static let noRank = UInt32.max

    init(_ graph: HeapGraph, _ interfaces: [Interface]) {
        self.graph = graph
        self.interfaces = interfaces
        rankOfString = interfaces.isEmpty ? nil : Column(count: graph.columns.strings.count)
        let properties = Set(interfaces.flatMap(\.properties)).map { (text: $0, units: JavaScriptText.codeUnits($0)) }
            .sorted { $0.units.lexicographicallyPrecedes($1.units) }
        for (rank, property) in properties.enumerated() { ranks[property.text] = rank }
        for (index, interface) in interfaces.enumerated() { add(interface, index) }
    }

    private mutating func add(_ interface: Interface, _ index: Int) {
        var state = 0
        for rank in interface.properties.compactMap({ ranks[$0] }).sorted() {
            if let next = states[state].next[rank] {
                state = next
                continue
            }
            states[state].next[rank] = states.count
            states[state].greatestNext = max(states[state].greatestNext, rank)
            state = states.count
            states.append(State())
        }
        if states[state].match == nil {
            states[state].match = Match(interface: index, propertyCount: interface.properties.count)
        }
    }

    /// nil where none matches.
    func best(for shape: ObjectShapes.Shape) -> Interface? {
        guard !interfaces.isEmpty else { return nil }
        // Properties of no interface lead nowhere.
        let properties = shape.properties.compactMap(rank(of:)).sorted()
        var current = [0]
        var isCurrent: Set<Int> = [0]
        var best: Match?
        for rank in properties {
            for state in current {
                if rank >= states[state].greatestNext { isCurrent.remove(state) }
                guard let next = states[state].next[rank] else { continue }
                isCurrent.insert(next)
                guard let match = states[next].match else { continue }
                if isBetter(match, than: best) { best = match }
            }
            current = Array(isCurrent)
        }
        return best.map { interfaces[$0.interface] }
    }

    private func rank(of string: UInt32) -> Int? {
        let known = rankOfString?.base[Int(string)] ?? 0
        if known != 0 { return known == Self.noRank ? nil : Int(known - 1) }
        let rank = ranks[Array(graph.columns.strings[Int(string)])]
        rankOfString?.base[Int(string)] = rank.map { UInt32($0 + 1) } ?? Self.noRank
        return rank
    }

    private func isBetter(_ match: Match, than best: Match?) -> Bool {
        guard let best else { return true }
        if match.propertyCount != best.propertyCount { return match.propertyCount > best.propertyCount }
        return match.interface < best.interface
    }
}
